"""The way in: intake, guard, approval, publisher; and the adapters for SQL and Kafka."""

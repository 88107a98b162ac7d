"""What reads the topics: casebook, deduplication, briefing, on one transactional consumer."""

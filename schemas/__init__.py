"""The vocabulary of the bus: Avro contract, frozen types, codec, views. No I/O."""

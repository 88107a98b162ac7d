"""Policy, blocks, sealing, signing, directory, ledger, courier (out) and receiver (in)."""

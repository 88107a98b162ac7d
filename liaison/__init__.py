"""The composition root: command line, configuration, node, sandbox, demo, benchmarks."""

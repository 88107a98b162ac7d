"""Benchmarks: each compares with a limit or a peer in the same run and prints ratios.

Machines are noisy; what is quoted from here are ratios, beside the figures they come from.
"""

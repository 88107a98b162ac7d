"""Fakes that implement the ports, with faults that a test can ask for."""

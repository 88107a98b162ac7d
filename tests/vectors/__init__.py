"""Test vectors of the relay protocol, how they are made, and a second implementation."""

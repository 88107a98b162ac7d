"""Tests of the intake format."""

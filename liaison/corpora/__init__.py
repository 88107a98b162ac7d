"""Corpora to develop the matching engine with, and the judge of its output.

Not part of a node. A generator is a function from a number of notifications and a seed to lines
of the intake format with the truth about each; see :mod:`liaison.corpora.generators`.
"""

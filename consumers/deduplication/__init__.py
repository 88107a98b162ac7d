"""Deduplication: the same person known to several contact points, found and told to both.

The stages are features → keys → candidates (index) → comparison → score → link → alert. All but
the index and the effect itself are pure: no clock, no set order, integers only. What is found
is a function of the log.
"""

EVIDENCE_VERSION = 4
"""Version of every rule and table in this package; stored with each subject, link and alert.

Raise it with any change to what two subjects score; subjects of an older version are keyed
again by a replay.
"""

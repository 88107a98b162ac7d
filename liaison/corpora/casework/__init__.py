"""A corpus of cases: synthetic notifications, told as the channels tell them, with the truth.

Case-centred. Each case has a cast, the cast surfaces in several jurisdictions through different
channels, and the channel decides which fields exist and how they are distorted. Nobody in it
exists: names are drawn from tables part by part.
"""

from liaison.corpora.casework.corpus import arrivals, generate

__all__ = ["arrivals", "generate"]

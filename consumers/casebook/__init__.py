"""The casebook: everything this node sent and received, searchable.

An orphan is an update, supersession or cancellation whose predecessor is not here (yet): it is
shown at once, marked as such, and the mark goes when the predecessor arrives.
"""

from consumers.casebook.log import Held, count_untaken, held
from consumers.casebook.reading import Entry, chain, get, search
from consumers.casebook.recording import erase, expire, record_batch

__all__ = [
    "Entry",
    "Held",
    "chain",
    "count_untaken",
    "erase",
    "expire",
    "get",
    "held",
    "record_batch",
    "search",
]

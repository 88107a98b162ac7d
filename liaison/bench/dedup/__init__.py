"""``liaison bench dedup``: the matching engine beside what one would use or write instead."""

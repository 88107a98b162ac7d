"""Papers for an operational meeting: for each participant only what that participant may see.

The way of a briefing: ``select`` reads the casebook, ``redact`` asks policy, ``compose`` derives
everything else from what is left, ``render_json`` and ``render_pdf`` write it down. Because
links, timeline, ages and questions are derived after redaction, nothing that was left out can
show in them.
"""

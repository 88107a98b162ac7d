"""The strict JSON Lines intake: a line becomes a notification, or a list of problems.

Pure: no clock, no random numbers, no files. ``docs/intake.md`` is the format for people.
"""

from producers.intake.digest import content_digest
from producers.intake.lines import MAX_LINE_BYTES, decode_line
from producers.intake.parser import Defaults, Intake, Parsed
from producers.intake.report import Problem

__all__ = [
    "MAX_LINE_BYTES",
    "Defaults",
    "Intake",
    "Parsed",
    "Problem",
    "content_digest",
    "decode_line",
]

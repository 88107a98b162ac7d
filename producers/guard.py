"""The no-imagery guard: hashes and case metadata get in, pictures and films do not.

Two steps. :func:`screen_bytes` looks at a whole encoded record in a few microseconds and may be
wrong in one direction only: what it lets pass, the second step would let pass too (but for
field-sized oddities that the threat model names). :func:`inspect_record` looks at every text of
the few records that are left, and only it refuses.

What is looked for: files by the bytes they begin with, in Base64 (also URL-safe), hexadecimal,
percent-encoding, decimal lists and raw, whatever white space is strewn in; ``data:`` URIs; runs
of Base64 or hexadecimal too long for any hash. What cannot be found is a picture that someone
hides on purpose, enciphered or cut into pieces the size of hashes; nothing can.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import unquote_to_bytes

from producers.signatures import SIGNATURES, Signature, sniff

LONG_RUN = 320
"""Base64 or hexadecimal characters in a row: above a PhotoDNA hash in hexadecimal (288)."""
LONG_WORD = 600
"""Printable ASCII without a space, as Base85 has it; no word is that long."""
LONG_RUN_URL, LONG_WORD_URL = 1_024, 2_048
"""The same in an address: signed links carry long tokens."""
SHORTEST_HEADER = 18
"""Bytes that must follow from a signature on, so that a stray word is not taken for a file."""
SURE_HEADER = 48
"""The same where the signature stands in the middle of a run and is a short one."""
MUCH_TEXT = 50_000
"""Characters, all together: looking at them takes a quarter of a second at most."""
MANY_CONTROLS = 4
"""Control or replacement characters that make a text binary data."""

_URL_FIELDS = ("url", "domain", "host")
_HASH_TOKEN = re.compile(
    r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}"
    r"|[0-9A-Fa-f]{128}|[0-9A-Fa-f]{288})(?![0-9A-Fa-f])(?=(\s+[0-9A-Fa-f]{16})?)"
)
_SPACES = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\ufeff\\\"']+")
_DATA_URI = re.compile(r"(?i)(?<![a-z])data:(?:(?:image|video)/|[^,]{0,200};base64,)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/=]+")
_HEX_NOISE = re.compile(r"0[xX]|\\x|&#x|[:;,.\-=%&#\[\]{}()]|" + _SPACES.pattern)
_HEX_RUN = re.compile(r"[0-9a-f]{32,}")
_DECIMALS = re.compile(r"\b255\D{1,4}216\D{1,4}255\b|\b137\D{1,4}80\D{1,4}78\D{1,4}71\b")
_PERCENT = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]|\x89PNG\r\n")
_URL_SAFE = str.maketrans("-_", "+/")

_BASE64_NEEDLES = tuple((s, *s.base64) for s in SIGNATURES)
_HEX_NEEDLES = tuple((s, *s.hexadecimal) for s in SIGNATURES)


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something that is not text was found, and what it looks like; never its content."""

    field: str
    reason: str


def inspect_record(record: dict[str, Any]) -> list[Finding]:
    """What is not metadata in a record in dictionary form; empty when all is well."""
    texts = list(_texts(record, ""))
    if sum(len(text) for _, text in texts) > MUCH_TEXT and (long := _much_text(texts)):
        return [long]
    found = [Finding(path, why) for path, text in texts if (why := _judge(path, text))]
    # A file cut into several entries of one list of texts.
    for name, value in record.items():
        if (
            not found
            and name == "names"
            and len(value) > 1
            and (why := _judge(name, " ".join(value)))
        ):
            found.append(Finding(name, why))
    return found


def _much_text(texts: list[tuple[str, str]]) -> Finding | None:
    """More text than a case has would take seconds to look through; hashes are not text."""
    prose = [(path, text) for path, text in texts if not _HASH_TOKEN.fullmatch(text[:300])]
    if sum(len(text) for _, text in prose) <= MUCH_TEXT:
        return None
    longest = max(prose, key=lambda item: len(item[1]))
    return Finding(longest[0], "more text than a case notification has")


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}[{index}]")


def _judge(path: str, text: str) -> str | None:
    """Why ``text`` is refused; None when it is text."""
    if len(text) < SHORTEST_HEADER:
        return None
    url = path in _URL_FIELDS
    return (
        _as_it_stands(text)
        or _as_hashes(text)
        or _as_base64(text, LONG_RUN_URL if url else LONG_RUN)
        or _as_hexadecimal(_HASH_TOKEN.sub("|", text))
        or _as_word(text, LONG_WORD_URL if url else LONG_WORD)
    )


def _as_it_stands(text: str) -> str | None:
    if _DATA_URI.search(text):
        return "a data: URI"
    if len(_CONTROLS.findall(text)) >= MANY_CONTROLS:
        return "binary data"
    if "<svg" in text.lower():
        return "an SVG image"
    if _DECIMALS.search(text):
        return "an image in decimal numbers"
    if ("%" in text or "=" in text) and _PERCENT.search(unquote_to_bytes(text.replace("=", "%"))):
        return "an image in percent-encoding"
    return None


def _as_word(text: str, long_word: int) -> str | None:
    if any(len(word) >= long_word and word.isascii() for word in text.split()):
        return "a very long run of characters"
    return None


def _as_hashes(text: str) -> str | None:
    """Digits of the length of a hash: only a strong signature, or more digits, make them a file."""
    for token in _HASH_TOKEN.finditer(text):
        found = sniff(bytes.fromhex(token.group()[:32]))
        if found and (found.strong or token.group(1)):
            return _named(found, "hexadecimal")
    return None


def _as_base64(text: str, long_run: int) -> str | None:
    squeezed = _SPACES.sub("", text).translate(_URL_SAFE)
    for signature, needle, lead in _BASE64_NEEDLES:
        at = squeezed.find(needle)
        while at >= 0:
            if _begins_file(squeezed, at - lead, signature):
                return _named(signature, "Base64")
            at = squeezed.find(needle, at + 1)
    if len(squeezed) < long_run:
        return None
    plain = _HASH_TOKEN.sub("|", text).translate(_URL_SAFE)
    pieces = [p for p in _BASE64_RUN.findall(plain) if len(p) >= 40]
    if sum(map(len, pieces)) >= long_run and (len(pieces) == 1 or _packed(pieces)):
        return "a very long run of Base64 or hexadecimal"
    joined = _BASE64_RUN.findall(_SPACES.sub("", plain))
    if any(len(run) >= long_run and _is_dense(run) for run in joined):
        return "a very long run of Base64"
    return None


def _begins_file(text: str, start: int, signature: Signature) -> bool:
    if start < 0:
        return False
    # Bounded: a hostile text can hold a great many beginnings in one long run.
    run = _BASE64_RUN.match(text, start, start + 96)
    digits = run.group().replace("=", "") if run else ""
    inside = start > 0 and _BASE64_RUN.match(text, start - 1, start) is not None
    needed = SURE_HEADER if inside and not signature.strong else SHORTEST_HEADER
    if len(digits) * 6 // 8 < needed:
        return False
    try:
        data = base64.b64decode(digits[: len(digits) // 4 * 4])
    except binascii.Error:
        return False
    return signature.whole.match(data) is not None


def _packed(pieces: list[str]) -> bool:
    """Whether long pieces are one text in lines of equal length, rather than many tokens."""
    return len({len(piece) for piece in pieces[:-1]}) == 1 or _is_dense("".join(pieces))


def _is_dense(run: str) -> bool:
    """Whether letters and digits alternate as in Base64, where words and names do not.

    In random Base64 nearly two in three neighbours are of different kinds; in prose, names
    and dates pressed together it is below two in five.
    """
    kinds = run.translate(_KINDS)
    changes = sum(a != b for a, b in pairwise(kinds))
    return changes > 0.46 * len(run)


_KINDS = str.maketrans(
    {chr(c): "A" for c in range(65, 91)}
    | {chr(c): "a" for c in range(97, 123)}
    | {chr(c): "0" for c in range(48, 58)}
)


def _as_hexadecimal(text: str) -> str | None:
    squeezed = _HEX_NOISE.sub("", text).lower()
    for run in _HEX_RUN.findall(squeezed):
        if len(run) >= LONG_RUN:
            return "a very long run of hexadecimal"
        for signature, needle, lead in _HEX_NEEDLES:
            start = run.find(needle) - lead
            if start >= 0 and (len(run) - start) // 2 >= SHORTEST_HEADER:
                data = bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2])
                if signature.whole.match(data):
                    return _named(signature, "hexadecimal")
    return None


def _named(signature: Signature, spelling: str) -> str:
    return f"a {signature.format} file in {spelling}"


# ---- the fast step -----------------------------------------------------------------------------

_HEX_DIGITS = b"0123456789abcdef"
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_DROPPED = b" \t\r\n\\\"'"
_HEX_DROPPED = _DROPPED + b"xX:;,.-=%&#[]{}()"
_MUCH = 640
"""Characters in runs of some length, all together: words of a long text, or a file in pieces."""
_SHORTEST_RUN = SHORTEST_HEADER * 8 // 6
_SHORTEST_HEX_RUN = SHORTEST_HEADER * 2


def _keep(kept: bytes, aliases: dict[int, int]) -> bytes:
    """A table that leaves ``kept``, replaces ``aliases``, and makes all other bytes spaces."""
    return bytes(aliases.get(code, code if code in kept else 32) for code in range(256))


_BASE64_WORDS = _keep(_ALPHABET, {ord("-"): ord("+"), ord("_"): ord("/")})
_HEX_WORDS = _keep(_HEX_DIGITS, {code - 32: code for code in b"abcdef"})
_LONG_WORD_RUN = re.compile(rb"[!-~]{%d}" % LONG_WORD)


def _any_of(*needles: bytes) -> re.Pattern[bytes]:
    return re.compile(b"|".join(map(re.escape, sorted(set(needles)))))


_IN_BASE64 = _any_of(*(needle.encode()[:10] for _, needle, _ in _BASE64_NEEDLES))
_IN_HEX = _any_of(
    b"255216255", b"137807871", *(needle.encode()[:16] for _, needle, _ in _HEX_NEEDLES)
)
_HEX_START = _any_of(*(needle.encode()[:8] for _, needle, lead in _HEX_NEEDLES if lead == 0))
_HASH_LENGTHS = frozenset((32, 40, 64, 96, 128, 288))
_PERCENT_NEEDLES = (b"%ff%d8", b"%89png", b"=ff=d8", b"=89png")
# White space and nothings beyond ASCII, C1 controls and the replacement character, in UTF-8.
_ODD = re.compile(
    rb"\xc2[\x80-\xa0\xad]|\xe1\xa0\x8e|\xe2\x80[\x80-\x8f\xa8-\xaf]|\xe2\x81[\x9f\xa0]"
    rb"|\xe3\x80\x80|\xef\xbb\xbf|\xef\xbf\xbd"
)
_ODD_LEADS = (b"\xc2", b"\xe2", b"\xe3\x80\x80", b"\xe1\xa0\x8e", b"\xef")


def screen_bytes(data: bytes) -> bool:
    """Whether an encoded record must be looked at by :func:`inspect_record`."""
    if _hits(data):
        return True
    if data.isascii() or not any(lead in data for lead in _ODD_LEADS):
        return False
    odd = _ODD.findall(data)
    return len(odd) >= MANY_CONTROLS or (len(odd) > 0 and _hits(_ODD.sub(b"", data)))


def _hits(data: bytes) -> bool:
    lower = data.lower()
    if b"data:" in lower or b"<svg" in lower:
        return True
    # Loops, not any(): a generator costs more here than what it goes through.
    total = 0
    for word in data.translate(_BASE64_WORDS, _DROPPED).split():
        if len(word) >= _SHORTEST_RUN and not _is_hash(word):
            if len(word) >= LONG_RUN or _IN_BASE64.search(word):
                return True
            total += len(word)
    if total >= _MUCH:
        return True
    for word in lower.replace(b"0x", b"").translate(_HEX_WORDS, _HEX_DROPPED).split():
        if len(word) >= _SHORTEST_HEX_RUN and _suspect_hex(word):
            return True
    if (b"%" in data or b"=" in data) and any(needle in lower for needle in _PERCENT_NEEDLES):
        return True
    return _LONG_WORD_RUN.search(data) is not None


def _is_hash(word: bytes) -> bool:
    """Hashes are the other check's; a signature in Base64 has capitals, or a slash."""
    return len(word) in _HASH_LENGTHS and word.isalnum() and word.islower()


def _suspect_hex(word: bytes) -> bool:
    if len(word) in _HASH_LENGTHS:
        return _HEX_START.match(word) is not None or word[8:16] in (b"66747970", b"00003600")
    return _IN_HEX.search(word) is not None

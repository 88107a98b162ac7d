"""How files of images, films and archives begin, in bytes, in Base64 and in hexadecimal.

Archives and compressed streams are among them because they are the simplest way around.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """A file format by the bytes at ``offset``; ``whole`` decides on what precedes and follows.

    ``strong`` ones are so long that chance does not make them even in millions of hashes.
    """

    format: str
    offset: int
    magic: bytes
    whole: re.Pattern[bytes]
    strong: bool = False

    @property
    def base64(self) -> tuple[str, int]:
        """The characters that show the magic bytes, and how many stand before them."""
        phase = self.offset % 3
        first = -(-phase * 8 // 6)
        spelled = base64.b64encode(bytes(phase) + self.magic).decode()
        last = (phase + len(self.magic)) * 8 // 6
        return spelled[first:last], self.offset // 3 * 4 + first

    @property
    def hexadecimal(self) -> tuple[str, int]:
        """The same in hexadecimal."""
        return self.magic.hex(), self.offset * 2


def _signature(format: str, pattern: bytes, *magics: bytes, offset: int = 0) -> list[Signature]:
    whole = re.compile(pattern, re.DOTALL)
    return [Signature(format, offset, magic, whole, strong=len(magic) >= 6) for magic in magics]


_JPEG = rb"\xff\xd8\xff[\xc0-\xcf\xdb\xdd\xe0-\xef\xfe]"
_BMP_OFFSETS = (b"\x36\0", b"\x8a\0", b"\x7a\0", b"\x76\0", b"\x3e\0", b"\x36\x04", b"\x46\0")

SIGNATURES: tuple[Signature, ...] = (
    *_signature("JPEG", _JPEG, b"\xff\xd8\xff"),
    *_signature("PNG", rb"\x89PNG\r\n\x1a", b"\x89PNG\r\n\x1a"),
    *_signature("GIF", rb"GIF8[79]a", b"GIF87a", b"GIF89a"),
    *_signature("WEBP or AVI", rb"RIFF.{4}(WEBP|AVI )", b"RIFF"),
    *_signature(
        "BMP", rb"BM.{4}\0\0\0\0", *(bytes(4) + at + bytes(2) for at in _BMP_OFFSETS), offset=6
    ),
    *_signature("TIFF", rb"II[\x2a\x2b]\0|MM\0[\x2a\x2b]", b"II\x2a\0", b"MM\0\x2a", b"II\x2b\0"),
    *_signature("HEIF, AVIF or MP4", rb"\0\0.{2}ftyp[\x20-\x7e]{4}", b"ftyp", offset=4),
    *_signature("Matroska or WebM", rb"\x1a\x45\xdf\xa3", b"\x1a\x45\xdf\xa3"),
    *_signature("JPEG XL", rb"\0\0\0\x0cJXL ", b"\0\0\0\x0cJXL "),
    *_signature(
        "JPEG 2000", rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"
    ),
    *_signature("Photoshop", rb"8BPS\0[\x01\x02]", b"8BPS\0"),
    *_signature("Windows Media", rb"\x30\x26\xb2\x75\x8e\x66", b"\x30\x26\xb2\x75\x8e\x66"),
    *_signature("Flash video", rb"FLV\x01", b"FLV\x01"),
    *_signature("MPEG", rb"\0\0\x01[\xba\xb3]", b"\0\0\x01\xba", b"\0\0\x01\xb3"),
    *_signature("PDF", rb"%PDF-[12]", b"%PDF-"),
    *_signature("SVG", rb"<svg[ \r\n\t]", b"<svg"),
    *_signature("ZIP", rb"PK\x03\x04", b"PK\x03\x04"),
    *_signature("gzip", rb"\x1f\x8b\x08", b"\x1f\x8b\x08"),
    *_signature("bzip2", rb"BZh[1-9]1AY", b"BZh"),
    *_signature("xz", rb"\xfd7zXZ\0", b"\xfd7zXZ\0"),
    *_signature("7-Zip", rb"7z\xbc\xaf\x27\x1c", b"7z\xbc\xaf\x27\x1c"),
    *_signature("RAR", rb"Rar!\x1a\x07", b"Rar!\x1a\x07"),
    *_signature("Zstandard", rb"\x28\xb5\x2f\xfd", b"\x28\xb5\x2f\xfd"),
)


def sniff(data: bytes) -> Signature | None:
    """The signature that ``data`` begins with."""
    return next((s for s in SIGNATURES if s.whole.match(data)), None)

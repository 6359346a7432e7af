"""Invented scans: a page of grey lines with a stamp across it, as a PDF or a PNG. They hold no words of any paper."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from random import Random

from django.core.files.base import ContentFile

# A4 in points, and the picture in pixels.
WIDTH, HEIGHT = 595, 842
MARGIN, LINE = 70, 22
SCALE = 2
PAPER, INK, STAMP = b"\xfb\xfa\xf6", b"\x9a\x98\x94", b"\xb0\x30\x38"


def make_scan(rng: Random, name: str, *, as_picture: bool = False) -> ContentFile[bytes]:
    """A page as an uploaded file; every one is unlike the others."""
    lines = list(_lines(rng))
    content = _picture(lines) if as_picture else _document(lines)
    return ContentFile(content, name=f"{name}.{'png' if as_picture else 'pdf'}")


def _lines(rng: Random) -> Iterator[tuple[int, int, int]]:
    """Lines of text as (left, top, width): a title in the middle, then paragraphs."""
    for top, width in ((90, 150), (150, 220), (176, 300)):
        yield (WIDTH - width) // 2, top, width
    top = 220
    while top < HEIGHT - 190:
        for number in range(rng.randint(2, 5)):
            indent = 30 if number == 0 else 0
            yield MARGIN + indent, top, rng.randint(330, WIDTH - 2 * MARGIN) - indent
            top += LINE
        top += LINE // 2
    yield WIDTH - MARGIN - 150, HEIGHT - 150, 150


def _document(lines: list[tuple[int, int, int]]) -> bytes:
    """A PDF of one page; MẪU is drawn with the letters that every reader has, its tone put above."""
    drawn = [f"{left} {HEIGHT - top - 8} {width} 8 re f" for left, top, width in lines]
    content = "\n".join(
        [
            "0.6 g",
            *drawn,
            "q 0.69 0.19 0.22 rg BT /F1 110 Tf 0.87 0.5 -0.5 0.87 150 300 Tm (M\\302U) Tj ET",
            "BT /F1 60 Tf 0.87 0.5 -0.5 0.87 216 442 Tm (~) Tj ET Q",
        ]
    )
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{len(out)}\n"
    return out + f"{tail}%%EOF\n".encode("ascii")


def _picture(lines: list[tuple[int, int, int]]) -> bytes:
    """A PNG of the same page, with a red bar for the stamp."""
    width, height = WIDTH * SCALE, HEIGHT * SCALE
    rows = [bytearray(PAPER * width) for _ in range(height)]
    for left, top, length in lines:
        for row in rows[top * SCALE : (top + 8) * SCALE]:
            row[left * SCALE * 3 : (left + length) * SCALE * 3] = INK * (length * SCALE)
    for row in rows[(HEIGHT - 130) * SCALE : (HEIGHT - 100) * SCALE]:
        row[330 * SCALE * 3 : 420 * SCALE * 3] = STAMP * (90 * SCALE)
    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

"""Draws the icons in pages/static that have to be pictures of dots: icon.svg's receipt, by the same coordinates.

Run it as `python server/draw_icons.py` after a change; what it writes is committed.
"""

import struct
import zlib
from pathlib import Path

STATIC = Path(__file__).parent / "src" / "faturat_server" / "pages" / "static"
ACCENT, WHITE = (0x0B, 0x5C, 0x6B, 255), (255, 255, 255, 255)
CLEAR = (0, 0, 0, 0)
SIDE = 32
"""Of icon.svg's own coordinates."""
FINE = 3
"""Points looked at in each direction of a dot, for soft edges."""

Colour = tuple[int, int, int, int]


def colour_at(x: float, y: float, round_by: float) -> Colour:
    """The drawing at one point: a receipt with a torn edge and two lines on it, on a square with round corners."""
    if not _in_square(x, y, round_by):
        return CLEAR
    torn = 24 + 2 * abs((x - 10) / 3 % 2 - 1)
    on_receipt = 10 <= x <= 22 and 6 <= y <= torn
    on_line = 13 <= x <= 19 and (11 <= y <= 13 or 15 <= y <= 17)
    return WHITE if on_receipt and not on_line else ACCENT


def _in_square(x: float, y: float, round_by: float) -> bool:
    across, down = (max(round_by - each, each - (SIDE - round_by), 0) for each in (x, y))
    return across * across + down * down <= round_by * round_by or not (across and down)


def draw(size: int, round_by: float, shrink: float) -> bytes:
    """A PNG of size x size dots; `shrink` is how much of it the drawing fills, the rest is the accent."""
    rows = bytearray()
    for row in range(size):
        rows.append(0)  # no filter
        for column in range(size):
            rows += bytes(_dot(column, row, size, round_by, shrink))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _dot(column: int, row: int, size: int, round_by: float, shrink: float) -> list[int]:
    points = []
    for step in range(FINE * FINE):
        x, y = column + (step % FINE + 0.5) / FINE, row + (step // FINE + 0.5) / FINE
        across, down = ((each / size - 0.5) / shrink * SIDE + SIDE / 2 for each in (x, y))
        points.append(colour_at(across, down, round_by) if round_by else _filled(across, down))
    solid = [each for each in points if each[3]]
    if not solid:
        return list(CLEAR)
    mean = [round(sum(each[part] for each in solid) / len(solid)) for part in range(3)]
    return [*mean, round(255 * len(solid) / len(points))]


def _filled(x: float, y: float) -> Colour:
    return colour_at(x, y, 0) if 0 <= x <= SIDE and 0 <= y <= SIDE else ACCENT


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


if __name__ == "__main__":
    for name, size, round_by, shrink in (
        ("icon-192.png", 192, 7, 1.0),
        ("icon-512.png", 512, 7, 1.0),
        # whoever shows these cuts them to a shape of their own
        ("icon-maskable-512.png", 512, 0, 0.8),
        ("apple-touch-icon.png", 180, 0, 0.95),
    ):
        (STATIC / name).write_bytes(draw(size, round_by, shrink))

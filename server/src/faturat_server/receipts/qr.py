"""The QR code of a receipt's address, for a page and for a printer."""

from collections.abc import Iterator
from itertools import groupby

import segno

QUIET = 4
"""Empty modules around a code, without which readers do not find it."""


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m")


def qr_svg(address: str) -> str:
    """As an SVG element without a size of its own; black on white whatever the page's colours."""
    return str(_code(address).svg_inline(border=QUIET, light="#fff", omitsize=True))


def qr_bars(address: str) -> tuple[int, Iterator[tuple[int, int, int]]]:
    """How many modules a side has, and the dark ones as bars: column, row and length."""
    matrix = _code(address).matrix
    return len(matrix), _bars(matrix)


def _bars(matrix: tuple[bytearray, ...]) -> Iterator[tuple[int, int, int]]:
    for row, modules in enumerate(matrix):
        column = 0
        for dark, run in groupby(modules):
            length = len(list(run))
            if dark:
                yield column, row, length
            column += length

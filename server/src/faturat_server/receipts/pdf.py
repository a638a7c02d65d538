"""A receipt on paper: one page of A4, the same bytes whenever the same is to be said."""

import unicodedata
from collections.abc import Sequence

from fpdf import FPDF, ViewerPreferences
from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from faturat_server.receipts.content import CHECK_IT, HOW_TO_CHECK, TITLE, ReceiptContent
from faturat_server.receipts.qr import qr_bars

MARGIN = 20.0
"""Millimetres, as all lengths here."""
CODE_SIDE = 42.0
BESIDE = 8.0
"""Between the code and its words: wider than the empty edge that readers need."""
ENCODING = "windows-1252"
"""What the fonts of every PDF reader have: all letters of Albanian among them, and not all of other languages."""

ACCENT, INK, SOFT, EDGE = (11, 92, 107), (23, 35, 42), (82, 98, 107), (211, 220, 224)
"""The pages' colours by day."""


def receipt_pdf(content: ReceiptContent) -> bytes:
    pdf = _empty(content)
    _head(pdf, content)
    _facts(pdf, [(printable(label.to(content.language)), printable(value)) for label, value in content.facts])
    if content.address:
        _check(pdf, content)
    return bytes(pdf.output())


def printable(text: str) -> str:
    """The text in letters that the fonts have: without a mark that they lack, else with a question mark instead."""
    return "".join(each if _fits(each) else _without_marks(each) for each in unicodedata.normalize("NFC", text))


def _fits(letter: str) -> bool:
    return letter.encode(ENCODING, "ignore") != b""


def _without_marks(letter: str) -> str:
    bare = "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))
    return "".join(each if _fits(each) else "?" for each in bare)


def _empty(content: ReceiptContent) -> FPDF:
    """One page, its language and title said to whoever cannot see it."""
    pdf = FPDF()
    pdf.core_fonts_encoding = ENCODING
    pdf.set_lang(content.language)
    pdf.set_title(f"{TITLE.to(content.language)} {content.receipt.number}")
    pdf.set_creator("Faturat")
    pdf.set_creation_date(content.receipt.settled_at)  # the time of day would make other bytes of the same receipt
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    pdf.set_margin(MARGIN)
    pdf.c_margin = 0
    pdf.add_page()
    return pdf


def _head(pdf: FPDF, content: ReceiptContent) -> None:
    pdf.set_text_color(*ACCENT)
    _line(pdf, "Faturat", 14, 8)
    pdf.set_draw_color(*ACCENT)
    pdf.set_line_width(0.6)
    pdf.line(MARGIN, pdf.y + 1, pdf.w - MARGIN, pdf.y + 1)
    pdf.y += 10
    pdf.set_text_color(*INK)
    _line(pdf, TITLE.to(content.language), 20, 10)
    _line(pdf, content.amount, 26, 14)
    pdf.y += 6


def _line(pdf: FPDF, text: str, size: float, height: float) -> None:
    pdf.set_font("Helvetica", "B", size)
    pdf.cell(text=text, h=height, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _facts(pdf: FPDF, facts: Sequence[tuple[str, str]]) -> None:
    pdf.set_font("Helvetica", "", 11)
    pdf.set_draw_color(*EDGE)
    pdf.set_line_width(0.2)
    of_label, of_value = FontFace(color=SOFT), FontFace(color=INK, emphasis="BOLD")
    with pdf.table(
        borders_layout="HORIZONTAL_LINES",
        col_widths=(2, 3),
        first_row_as_headings=False,
        line_height=6,
        padding=(1.5, 0),
        text_align=("LEFT", "RIGHT"),
    ) as table:
        for label, value in facts:
            row = table.row()
            row.cell(label, style=of_label)
            row.cell(value, style=of_value)


def _check(pdf: FPDF, content: ReceiptContent) -> None:
    """The code, and beside it what it is for; whole, on the next page if need be."""
    pdf.y += 10
    if pdf.will_page_break(CODE_SIDE):
        pdf.add_page()
    top = pdf.y
    side, bars = qr_bars(content.address)
    module = CODE_SIDE / side
    pdf.set_fill_color(0)
    for column, row, length in bars:
        pdf.rect(MARGIN + column * module, top + row * module, length * module, module, style="F")
    pdf.set_left_margin(MARGIN + CODE_SIDE + BESIDE)
    pdf.set_y(top)
    pdf.set_text_color(*INK)
    _line(pdf, CHECK_IT.to(content.language), 12, 7)
    pdf.set_font("Helvetica", "", 10)
    pdf.multi_cell(0, 5, HOW_TO_CHECK.to(content.language), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.y += 2
    pdf.set_text_color(*ACCENT)
    pdf.multi_cell(0, 5, content.address, align="L", link=content.address, wrapmode=WrapMode.CHAR)

"""A receipt read back: what its PDF says, and where its QR code leads."""

from io import BytesIO

import pypdfium2
import zxingcpp
from msgspec import Struct
from PIL import Image


class Paper(Struct):
    """What a PDF says to a reader, page by page, and the QR codes on it."""

    pages: list[str]
    codes: list[str]
    title: str
    created: str
    text: str


def read_paper(content: bytes) -> Paper:
    document = pypdfium2.PdfDocument(content)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    codes = [code for page in document for code in read_codes(page.render(scale=2).to_pil())]
    said = document.get_metadata_dict()
    return Paper(pages, codes, said["Title"], said["CreationDate"], " ".join(pages))


def read_codes(picture: Image.Image | bytes) -> list[str]:
    """The texts of the QR codes in a picture."""
    image = Image.open(BytesIO(picture)) if isinstance(picture, bytes) else picture
    return [found.text for found in zxingcpp.read_barcodes(image)]

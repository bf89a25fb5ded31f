"""QR codes as a decoder reads them: from pictures, and from the pages of a PDF."""

from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image


def read(picture: Image.Image) -> str:
    """What the only code in a picture says."""
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def of_png(content: bytes) -> str:
    """What the code in a PNG says."""
    with Image.open(BytesIO(content)) as picture:
        return read(picture)


def of_pdf(content: bytes) -> list[tuple[str, str]]:
    """What is written on each page of a PDF, as one line, and what its code says."""
    with pypdfium2.PdfDocument(content) as file:
        return [(_text(page), read(page.render(scale=1.5).to_pil())) for page in file]


def _text(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_range().split())

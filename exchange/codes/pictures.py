"""Pictures of QR codes (ISO/IEC 18004) in print sizes: SVG in millimetres, PNG with its dots an inch."""

import io
import math

import segno

# At least so many dots an inch: what print shops ask for.
DOTS = 300
INCH = 25.4  # millimetres


def svg(link: str, side: int) -> bytes:
    """A code as SVG; `side` is in millimetres, the quiet zone included."""
    code, file = made(link), io.BytesIO()
    code.save(file, kind="svg", scale=side / code.symbol_size()[0], unit="mm", svgclass=None, lineclass=None)
    return file.getvalue()


def png(link: str, side: int) -> bytes:
    """A code as PNG, black on white; `side` is in millimetres, the quiet zone included.

    A module is a whole number of dots, so that its edges are sharp. What is left over makes more dots an inch.
    """
    code, file = made(link), io.BytesIO()
    modules = code.symbol_size()[0]
    scale = math.ceil(side / INCH * DOTS / modules)
    code.save(file, kind="png", scale=scale, dpi=round(modules * scale / (side / INCH)))
    return file.getvalue()


def made(link: str) -> segno.QRCode:
    """The code itself: it is still read where a seventh of it is soiled (level M) or more."""
    return segno.make_qr(link, error="m")

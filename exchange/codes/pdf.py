"""A PDF file (ISO 32000) written page by page, so that a long one is sent while it is made, and never held.

Text is in one TrueType font. Of that, the file carries the glyphs that were used: they are known at
the end, where the font is written.
"""

import zlib
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

CATALOG, PAGES, FONT, DESCENDANT, DESCRIPTOR, GLYPHS, UNICODE = range(1, 8)
POINTS = 72 / 25.4  # of a millimetre
HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
# What a font may leave out that is only laid out letter by letter.
LEFT_OUT = ["GSUB", "GPOS", "GDEF", "kern", "FFTM", "name", "post", "OS/2", "cmap"]
TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{} endcmap CMapName currentdict /CMap defineresource pop end end"""


class Letters:
    """The glyphs of a font's letters, and how wide they are; `used` are those that were written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.used: dict[int, str] = {}
        self._ids, self._widths = _metrics(path)

    def width(self, text: str) -> float:
        """How wide a text is, in parts of its size."""
        return sum(self._widths[self._ids.get(letter, 0)] for letter in text) / 1000

    def widths(self) -> str:
        """The used glyphs' widths as a PDF array."""
        return " ".join(f"{glyph} [{self._widths[glyph]:.0f}]" for glyph in sorted(self.used))

    def written(self, text: str) -> str:
        """A text as a PDF string of glyphs."""
        glyphs = [self._ids.get(letter, 0) for letter in text]
        self.used.update(zip(glyphs, text, strict=True))
        return f"<{''.join(f'{glyph:04x}' for glyph in glyphs)}>"


@cache
def _metrics(path: Path) -> tuple[dict[str, int], list[float]]:
    """The glyphs by letter, and their widths in thousandths of the size."""
    font = TTFont(path)
    ids = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    scale = 1000 / font["head"].unitsPerEm
    return ids, [font["hmtx"][name][0] * scale for name in font.getGlyphOrder()]


class Pdf:
    """A file of pages of one size. What its methods answer is written one after the other, `end` last.

    `width` and `height` are in millimetres.
    """

    def __init__(self, letters: Letters, width: float, height: float) -> None:
        self._letters = letters
        self._box = f"[0 0 {width * POINTS:.2f} {height * POINTS:.2f}]"
        self._written = 0
        self._offsets: dict[int, int] = {}
        self._pages: list[int] = []

    def begin(self) -> bytes:
        """The beginning of the file."""
        return self._counted(HEAD)

    def page(self, drawing: str) -> bytes:
        """A page, drawn by operators in points from its lower left corner; `/F` is the font."""
        contents = UNICODE + 1 + 2 * len(self._pages)
        self._pages.append(contents + 1)
        told = (
            f"<< /Type /Page /Parent {PAGES} 0 R /MediaBox {self._box} /Contents {contents} 0 R"
            f" /Resources << /Font << /F {FONT} 0 R >> >> >>"
        )
        return self._stream(contents, drawing.encode()) + self._object(contents + 1, told.encode())

    def end(self, language: str) -> bytes:
        """The rest of the file: its font, its pages' list, and where everything is."""
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        parts = [
            self._object(CATALOG, f"<< /Type /Catalog /Pages {PAGES} 0 R /Lang ({language}) >>".encode()),
            self._object(PAGES, f"<< /Type /Pages /Kids [{kids}] /Count {len(self._pages)} >>".encode()),
            *self._font(),
        ]
        begins = self._written
        offsets = "".join(f"{self._offsets[number]:010} 00000 n \n" for number in sorted(self._offsets))
        size = len(self._offsets) + 1
        trailer = f"trailer\n<< /Size {size} /Root {CATALOG} 0 R >>\nstartxref\n{begins}\n%%EOF\n"
        return b"".join(parts) + f"xref\n0 {size}\n0000000000 65535 f \n{offsets}{trailer}".encode()

    def _font(self) -> Iterable[bytes]:
        letters = self._letters
        info, content = _subset(letters.path, letters.used)
        name = f"/AAAAAA+{letters.path.stem}"
        system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        told = {
            FONT: f"/Type /Font /Subtype /Type0 /BaseFont {name} /Encoding /Identity-H"
            f" /DescendantFonts [{DESCENDANT} 0 R] /ToUnicode {UNICODE} 0 R",
            DESCENDANT: f"/Type /Font /Subtype /CIDFontType2 /BaseFont {name} {system} /FontDescriptor {DESCRIPTOR} 0 R"
            f" /CIDToGIDMap /Identity /DW 600 /W [{letters.widths()}]",
            DESCRIPTOR: f"/Type /FontDescriptor /FontName {name} /Flags 4 {info} /ItalicAngle 0 /StemV 80"
            f" /FontFile2 {GLYPHS} 0 R",
        }
        yield from (self._object(number, f"<< {text} >>".encode()) for number, text in told.items())
        yield self._stream(GLYPHS, content, f"/Length1 {len(content)}")
        yield self._stream(UNICODE, TO_UNICODE.format(_mapping(letters.used)).encode())

    def _stream(self, number: int, content: bytes, more: str = "") -> bytes:
        packed = zlib.compress(content)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode {more} >>\nstream\n"
        return self._object(number, head.encode() + packed + b"\nendstream")

    def _object(self, number: int, body: bytes) -> bytes:
        self._offsets[number] = self._written
        return self._counted(b"%d 0 obj\n" % number + body + b"\nendobj\n")

    def _counted(self, part: bytes) -> bytes:
        self._written += len(part)
        return part


def _subset(path: Path, used: Iterable[int]) -> tuple[str, bytes]:
    """What a descriptor tells of a font, and the font with no glyphs but some, which keep their numbers."""
    font, file = TTFont(path), BytesIO()
    head, lines = font["head"], font["hhea"]
    told = _descriptor(head, lines)
    options = subset.Options(retain_gids=True, hinting=False, drop_tables=LEFT_OUT, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(gids=sorted(used))
    subsetter.subset(font)
    font.save(file)
    return told, file.getvalue()


def _descriptor(head: Any, lines: Any) -> str:
    scale = 1000 / head.unitsPerEm
    box = " ".join(f"{side * scale:.0f}" for side in (head.xMin, head.yMin, head.xMax, head.yMax))
    ascent, descent = lines.ascent * scale, lines.descent * scale
    return f"/FontBBox [{box}] /Ascent {ascent:.0f} /Descent {descent:.0f} /CapHeight {ascent:.0f}"


def _mapping(used: dict[int, str]) -> str:
    """Which letters glyphs are, so that text can be found and copied; a list has at most a hundred."""
    pairs = [f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>" for glyph, letter in sorted(used.items()) if glyph]
    lists = (pairs[at : at + 100] for at in range(0, len(pairs), 100))
    return "\n".join(f"{len(each)} beginbfchar {' '.join(each)} endbfchar" for each in lists)

"""Sheets of QR codes: a PDF with a page for each organization, to be printed and put up."""

from collections.abc import Iterator
from pathlib import Path

from exchange.codes import pictures
from exchange.codes.pdf import POINTS, Letters, Pdf
from resolvers.languages import Language

# DejaVu Sans has Cyrillic and Latin letters alike; its licence is beside it.
FONT = Path(__file__).parent / "font" / "DejaVuSans.ttf"
# Millimetres: an A4 page, the code's side and lower edge; letters are measured by their size.
WIDTH, HEIGHT, MARGIN, SIDE, BOTTOM = 210, 297, 20, 120, 60
TITLE, NAME, SMALL = 10, 7, 3
# A name takes at most so many lines; what is longer ends with dots.
NAME_LINES = 6
INVITATIONS = {
    Language.BE: "Ацаніце абслугоўванне",
    Language.RU: "Оцените обслуживание",
    Language.EN: "Rate the service",
}


class Sheet:
    """A sheet in one language: its pieces, in order, make the file."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._letters = Letters(FONT)
        self._pdf = Pdf(self._letters, WIDTH, HEIGHT)

    def begin(self) -> bytes:
        """The beginning of the file."""
        return self._pdf.begin()

    def page(self, name: str, link: str) -> bytes:
        """The page of an organization: its code, with an invitation and its name above and the address below."""
        lines = [
            *self._lines(INVITATIONS[self._language], TITLE, HEIGHT - MARGIN - TITLE),
            *self._lines(name, NAME, HEIGHT - MARGIN - 3 * TITLE),
            *self._lines(link, SMALL, BOTTOM - 3 * SMALL),
        ]
        return self._pdf.page("\n".join([*lines, _drawn(link)]))

    def end(self) -> bytes:
        """The rest of the file."""
        return self._pdf.end(self._language.value.lower())

    def _lines(self, text: str, size: float, top: float) -> Iterator[str]:
        """A text in the middle of the page; its first line stands at `top`."""
        lines = list(self._broken(text, (WIDTH - 2 * MARGIN) / size))
        if len(lines) > NAME_LINES:
            lines = [*lines[: NAME_LINES - 1], lines[NAME_LINES - 1][:-1] + "…"]
        for number, line in enumerate(lines):
            left = (WIDTH - size * self._letters.width(line)) / 2
            place = f"{left * POINTS:.2f} {(top - 1.4 * size * number) * POINTS:.2f}"
            yield f"BT /F {size * POINTS:.2f} Tf {place} Td {self._letters.written(line)} Tj ET"

    def _broken(self, text: str, room: float) -> Iterator[str]:
        """The lines of a text: broken between words, and within one where it is too long for a line."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if self._letters.width(longer) <= room:
                line = longer
                continue
            if line:
                yield line
            line = word
            while self._letters.width(line) > room:
                fits = next(n for n in range(len(line) - 1, 0, -1) if self._letters.width(line[:n]) <= room)
                yield line[:fits]
                line = line[fits:]
        yield line


def _drawn(link: str) -> str:
    """A code as PDF operators: the dark modules of each row as boxes, in units of a module."""
    code = pictures.made(link)
    modules, border = code.symbol_size()[0], code.default_border_size
    boxes = []
    for row, line in enumerate(code.matrix):
        column = 0
        for run in bytes(line).split(b"\0"):
            if run:
                boxes.append(f"{column} {-row - 1} {len(run)} 1 re")
            column += len(run) + 1
    scale = SIDE / modules * POINTS
    left, top = (WIDTH - SIDE) / 2 * POINTS + border * scale, (BOTTOM + SIDE) * POINTS - border * scale
    return f"q {scale:.4f} 0 0 {scale:.4f} {left:.2f} {top:.2f} cm {' '.join(boxes)} f Q"

"""The throughput of all contestants as a chart: bars, as long as their part of the query's best server."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from benchmarks.samples import Sample
from benchmarks.table import OURS, Medians

WIDTH, LEFT, RIGHT = 820, 130, 110
BAR, GAP, HEADING = 16, 4, 34
COLOUR, OTHERS = "#1f6f54", "#9fb4ab"

STYLE = "text { font: 12px sans-serif; fill: #222 } .query { font-weight: bold } .name { text-anchor: end }"


def svg(medians: Medians, left_out: tuple[str, ...] = ("pgbench",)) -> str:
    """An SVG document. What has no server is left out: beside it, all others would look alike."""
    parts, y = [], 0
    for query, found in medians.items():
        shown = {name: sample for name, sample in found.items() if name not in left_out}
        if shown:
            parts += [f'<text class="query" x="8" y="{y + HEADING - 12}">{escape(query)}: requests per second</text>']
            parts += _bars(shown, y + HEADING)
            y += HEADING + len(shown) * (BAR + GAP)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 12}">'
    return "\n".join([head, f"<style>{STYLE}</style>", *parts, "</svg>\n"])


def _bars(samples: dict[str, Sample], top: int) -> Iterator[str]:
    best = max(sample.requests_per_second for sample in samples.values())
    for at, (name, sample) in enumerate(samples.items()):
        y, width = top + at * (BAR + GAP), (WIDTH - LEFT - RIGHT) * sample.requests_per_second / best
        colour = COLOUR if name == OURS else OTHERS
        yield f'<text class="name" x="{LEFT - 8}" y="{y + BAR - 4}">{escape(name)}</text>'
        yield f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>'
        yield f'<text x="{LEFT + width + 6:.1f}" y="{y + BAR - 4}">{sample.requests_per_second:,.0f}</text>'

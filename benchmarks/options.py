"""What all benchmarks can be told."""

from typing import Annotated

import typer

TENFOLD = " x10"
WIDTH = 140

Server = Annotated[str, typer.Option(envvar="DATABASE_URL", help="A server to make the databases on.")]
RoundCount = Annotated[int, typer.Option("--rounds", min=1, help="How often each is measured.")]
Seconds = Annotated[float, typer.Option(min=1, help="How long each time.")]
Scale = Annotated[float, typer.Option(help="1 is a country of 13,600 organizations.")]
Tenfold = Annotated[bool, typer.Option("--tenfold", help="Also over ten times the data.")]
Keep = Annotated[bool, typer.Option("--keep", help="Keep the databases for the next run.")]


def chosen(given: str, known: tuple[str, ...] | list[str]) -> list[str]:
    """The given names in their usual order, or all; an unknown one is told."""
    wanted = given.split(",") if given else list(known)
    if unknown := set(wanted) - set(known):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: known are {', '.join(known)}.")
    return [name for name in known if name in wanted]


def sizes(scale: float, *, tenfold: bool) -> dict[str, float]:
    """The scales of the countries that are asked, by what their figures' names end with."""
    return {"": scale, TENFOLD: 10 * scale} if tenfold else {"": scale}

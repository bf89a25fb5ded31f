"""The demo's submissions, reviews and answers, as blocks of PostgreSQL's COPY text."""

from collections.abc import Iterator, Sequence
from random import Random

from exchange.demo.forms import Form, Question
from exchange.demo.people import kind_of
from exchange.demo.phrases import POOL, Phrases, Scores
from exchange.demo.sources import Source, made_for_it
from exchange.demo.timeline import DAYS, OFFSET, day
from exchange.demo.voices import mention, voice

SUBMISSION = (
    "id, code, organization_id, rater_id, rater_kind, questionnaire_id, service_id, channel, placement,"
    " visited_on, scores, submitted_at, submitted_on, status, status_at"
)
REVIEW_SHARE = 0.2
PRIVATE_SHARE = 0.02
ANSWERED_SHARE = 0.08
COUNTED_SHARE = 0.985
VISITED_SHARE = 0.7
BLOCK = 2000
NULL = r"\N"
TAB = "\t"
CHANNELS = ["IN_PERSON"] * 11 + ["ONLINE"] * 5 + ["PHONE"] * 2 + ["POST", NULL]
# Of visits in person, one of so many comes by a QR code; which, tells its number.
BY_CODE = 6
PLACEMENTS = ("counter-1", "counter-1", "counter-2", "entrance", "leaflet")
STATUSES = ("WITHDRAWN", "WITHDRAWN", "REJECTED")
DATES = [day(number).isoformat() for number in range(-30, DAYS)]
CLOCK = [f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}{OFFSET}" for s in range(86400)]


class Opinions:
    """Draws every opinion there is, slice by slice of time; ids run on from slice to slice.

    What a slice says in reviews and answers is kept until it is `taken`.
    """

    def __init__(self, sources: Sequence[Source], officials: int, people: int, random: Random, details: Random) -> None:
        self._sources, self._random = sources, random
        self._first_rater, self._people = officials + 1, people
        self._phrases, self._scores = Phrases(details), Scores(5, random)
        self._reviews: list[str] = []
        self._answers: list[str] = []
        self._mentions: list[str] = []
        self.submissions = self.reviews = self.answers = 0

    def made_for_it(self) -> set[int]:
        """The raters whose accounts were made for a scheme, all on one day."""
        return {self._first_rater + person for person in made_for_it(self._sources, self._people)}

    def slice(self, number: int) -> Iterator[str]:
        """The rows of the table of submissions, a block of lines at a time."""
        lines: list[str] = []
        for source in self._sources:
            for moment in source.visits(number, self._people, self._random):
                lines.append(self._submission(source, number, *moment))
                if len(lines) == BLOCK:
                    yield "".join(lines)
                    lines.clear()
        yield "".join(lines)

    def taken(self) -> tuple[str, str, str]:
        """The rows of reviews, answers and named employees since the last time, and none of them any more."""
        reviews, answers, mentions = "".join(self._reviews), "".join(self._answers), "".join(self._mentions)
        self.reviews += len(self._reviews)
        self.answers += len(self._answers)
        for kept in (self._reviews, self._answers, self._mentions):
            kept.clear()
        return reviews, answers, mentions

    def _submission(self, source: Source, slice_: int, day_: int, second: int, person: int) -> str:
        random, chance = self._random, self._random.random
        self.submissions += 1
        number, rater, form = self.submissions, self._first_rater + person, source.form(day_)
        good = chance() >= source.unhappiness(day_)
        pools = self._scores.good if good else self._scores.bad
        scores = pools[form.additional, source.flavour][int(chance() * POOL)]
        service = source.services[int(chance() * len(source.services))]
        channel = source.scheme.channel(number, CHANNELS[int(chance() * len(CHANNELS))])
        visited = DATES[day_ + 30 - int(chance() * chance() * 15)] if chance() < VISITED_SHARE else NULL
        said = self._said(source, slice_, good=good) if chance() < REVIEW_SHARE else None
        self._answer(number, form)
        code = f"{random.getrandbits(128):032x}"
        status = self._status(day_)
        if said is not None:
            text, private = said
            known = f"{number}\t{source.organization.id}\t{DATES[day_ + 30]}\t{status.partition(TAB)[0]}"
            told = voice(number, day_, text, source.scheme, private=private)
            self._reviews.append(f"{known}\t{TAB.join(told)}\n")
        if (named := mention(number, day_, good=good)) is not None:
            self._mentions.append(named)
        return (
            f"{number}\t{code[:8]}-{code[8:12]}-{code[12:16]}-{code[16:20]}-{code[20:]}\t{source.organization.id}"
            f"\t{rater}\t{kind_of(rater)}\t{form.id}\t{service}\t{channel}\t{_placement(number, channel)}\t{visited}\t{scores}"
            f"\t{DATES[day_ + 30]} {CLOCK[second]}\t{DATES[day_ + 30]}\t{status}\n"
        )

    def _said(self, source: Source, slice_: int, *, good: bool) -> tuple[str, bool]:
        """The text of a review, and whether it is for the organization only."""
        text = source.scheme.review(slice_, self._phrases.review(self._random, good=good))
        return text, self._random.random() < PRIVATE_SHARE

    def _status(self, day_: int) -> str:
        """Nearly all count; what does not was withdrawn or rejected some days later, within the demo's time."""
        if self._random.random() < COUNTED_SHARE:
            return f"COUNTED\t{NULL}"
        later = min(day_ + self._random.randint(1, 20), DAYS - 1)
        return f"{self._random.choice(STATUSES)}\t{DATES[later + 30]} {CLOCK[-1]}"

    def _answer(self, number: int, form: Form) -> None:
        willing = self._random.random() < ANSWERED_SHARE
        for question in form.questions:
            if question.required or (willing and self._random.random() < 0.6):
                self._answers.append(f"{number}\t{question.id}\t{{{self._value(question)}}}\n")

    def _value(self, question: Question) -> str:
        """The inside of an array of texts."""
        random = self._random
        codes = [code for code, _ in question.options]
        match question.type:
            case "CHOICE":
                return random.choice(codes)
            case "MULTIPLE_CHOICE":
                return ",".join(random.sample(codes, random.randint(1, len(codes))))
            case "YES_NO":
                return "true" if random.random() < 0.7 else "false"
            case "NUMBER":
                return str(random.randint(1, 9))
            case _:
                return f'"{self._phrases.advice(random)}"'


def _placement(number: int, channel: str) -> str:
    if channel != "IN_PERSON" or number % BY_CODE:
        return NULL
    return PLACEMENTS[number // BY_CODE % len(PLACEMENTS)]

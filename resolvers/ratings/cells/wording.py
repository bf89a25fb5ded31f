"""Wording: what members of enumerations and intervals are called where a row would have its name."""

from models.raters import RaterKind
from models.submissions import Channel
from resolvers.ratings.cells.dimensions import Vouching

# A text in Belarusian, Russian and English, in the order of the columns for names.
Texts = tuple[str, str, str]

NOT_TOLD: Texts = ("Не ўказана", "Не указано", "Not told")

CHANNELS: dict[Channel, Texts] = {
    Channel.IN_PERSON: ("На месцы", "На месте", "In person"),
    Channel.ONLINE: ("Праз інтэрнэт", "Через интернет", "Online"),
    Channel.PHONE: ("Па тэлефоне", "По телефону", "By telephone"),
    Channel.POST: ("Поштай", "По почте", "By post"),
}

RATER_KINDS: dict[RaterKind, Texts] = {
    RaterKind.PERSON: ("Грамадзяне", "Граждане", "Persons"),
    RaterKind.BUSINESS: ("Бізнес", "Бизнес", "Businesses"),
}

VOUCHINGS: dict[Vouching, Texts] = {
    Vouching.VERIFIED: ("Візіт пацверджаны", "Визит подтверждён", "Verified visits"),
    Vouching.UNVERIFIED: ("Візіт не пацверджаны", "Визит не подтверждён", "Other visits"),
}

QUARTERS: tuple[Texts, ...] = (
    ("I квартал", "I квартал", "Q1"),
    ("II квартал", "II квартал", "Q2"),
    ("III квартал", "III квартал", "Q3"),
    ("IV квартал", "IV квартал", "Q4"),
)

MONTHS: tuple[Texts, ...] = (
    ("студзень", "январь", "January"),
    ("люты", "февраль", "February"),
    ("сакавік", "март", "March"),
    ("красавік", "апрель", "April"),
    ("май", "май", "May"),
    ("чэрвень", "июнь", "June"),
    ("ліпень", "июль", "July"),
    ("жнівень", "август", "August"),
    ("верасень", "сентябрь", "September"),
    ("кастрычнік", "октябрь", "October"),
    ("лістапад", "ноябрь", "November"),
    ("снежань", "декабрь", "December"),
)

"""What may tell of a person is found in texts, and what surely does lets a review wait whatever the policy."""

import psycopg
import pytest

from engine.meanings.global_ids import encode, key_of
from tests.voices import Voice, reviewed, voice

FOUND = [
    ("Звоните +375 (29) 123-45-67.", [("PHONE", "+375 (29) 123-45-67")], True),
    ("8 017 222 33 44 не отвечает", [("PHONE", "8 017 222 33 44")], True),
    ("Пишите на ivan.petrov@mail.by!", [("EMAIL", "ivan.petrov@mail.by")], True),
    ("Помогла Анна Ивановна Козлова.", [("NAME", "Анна Ивановна Козлова")], True),
    ("Прыём вёў Пятро Сяргеевіч, дзякуй.", [("NAME", "Пятро Сяргеевіч")], True),
    ("Спасибо: Козлова Анна Ивановна", [("NAME", "Козлова Анна Ивановна")], True),
    ("Дзякуй Марыі Іванаўне", [("NAME", "Марыі Іванаўне")], True),
    ("Паспорт MP1234567 и номер 3120598A001PB5", [("PASSPORT", "MP1234567"), ("PASSPORT", "3120598A001PB5")], True),
    ("Карта 4255 1234 5678 9010 не прошла", [("CARD", "4255 1234 5678 9010")], True),
    ("Обслуживала Петрова А.И.", [("NAME", "Петрова А.И.")], False),
    ("Обслуживал И. И. Сидоров", [("NAME", "И. И. Сидоров")], False),
    ("Спасибо, врач Шевчук!", [("NAME", "Шевчук")], False),
    ("Дзякуй, доктар Жук.", [("NAME", "Жук")], False),
    ("We saw Jan Novak there", [("NAME", "Jan Novak")], False),
    ("Очередь 25 минут, окно 3, был 12.03.2024 в 10:30.", [], False),
    ("Основной вопрос решили. Городской вокзал рядом.", [], False),
    ("Заплатил 1500000 рублей, запись № 4512", [], False),
    ("", [], False),
]


@pytest.mark.parametrize(("text", "found", "sure"), FOUND, ids=range(len(FOUND)))
def test_found(seeded_url: str, text: str, found: list[tuple[str, str]], sure: bool) -> None:
    with psycopg.connect(seeded_url) as connection:
        spans = connection.execute("SELECT kind, start, stop, sure FROM personal_data(%s)", [text]).fetchall()
    assert [(kind, text[start:stop]) for kind, start, stop, _ in spans] == found
    assert any(each[3] for each in spans) == sure


async def test_a_text_with_a_phone_awaits_a_moderator_who_is_shown_where(author: Voice, moderator: Voice) -> None:
    id_ = await reviewed(author, text="🙂 Ring +375 29 123-45-67, ask Jan Novak.")
    assert (await voice(author, None).review(id_)) is None
    query = "query($id: ID!) { node(id: $id) { ... on Review { state proposedMasks { kind start end text } } } }"
    seen = (await moderator.ask(query, id=id_)).data["node"]
    assert seen["state"] == "PENDING"
    assert seen["proposedMasks"] == [
        {"kind": "PHONE", "start": 7, "end": 24, "text": "+375 29 123-45-67"},
        {"kind": "NAME", "start": 30, "end": 39, "text": "Jan Novak"},
    ]
    assert (await author.ask(query, id=id_)).data["node"]["proposedMasks"] == []


async def test_what_an_author_keeps_private_stays_private(author: Voice) -> None:
    found = await author.submit(comment="Ring +375 29 123-45-67", publishComment=False)
    id_ = encode("Review", key_of(found["submission"]["id"], "Submission", "id"))
    with psycopg.connect(author.url) as connection:
        query = "SELECT state::text FROM review WHERE submission_id = %s"
        assert connection.execute(query, [key_of(id_, "Review", "id")]).fetchall() == [("PRIVATE",)]

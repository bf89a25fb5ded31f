"""Which passwords are refused: short ones by their length, these by what they are."""

import pytest

from auth.weak_passwords import LEAST, is_guessable

EMAIL = "anna.petrova@mail.example.org"
WEAK = [
    "password12",
    "P@ssw0rd123",
    "qwertyuiop",
    "1q2w3e4r5t",
    "1234567890",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "iloveyou2024",
    "ratingportal1",
    "rating-portal",
    "anna.petrova1",
    "anna-petrova-anna",
    "petrovaanna",
    "mail.example.org",
    "йцукенгшщз",
    "пароль12345",
    "рейтингпортал",
    "gfhjkmgfhjkm",
]
STRONG = [
    "yellow river boat",
    "K7#mwq0zzpLx",
    "белая бярозка на ўзлеску",
    "жнівень-лодка-вецер",
    "a" * 5 + "QzLmWpXv7!rT",
]


@pytest.mark.parametrize("password", WEAK)
def test_what_is_guessed_first(password: str) -> None:
    assert len(password) >= LEAST
    assert is_guessable(password, EMAIL)


@pytest.mark.parametrize("password", STRONG)
def test_what_stands(password: str) -> None:
    assert not is_guessable(password, EMAIL)


def test_what_is_known_of_one_person_is_not_held_against_another() -> None:
    assert is_guessable("zdzislau-kurylenka", "zdzislau.kurylenka@example.org")
    assert not is_guessable("zdzislau-kurylenka", "other@example.org")


def test_a_long_one_takes_no_long_time_to_judge() -> None:
    """No more than the beginning is looked at: the work does not grow with the length."""
    assert is_guessable("1" * 200, None)
    assert not is_guessable("aB3$xQ9!" * 25, None)

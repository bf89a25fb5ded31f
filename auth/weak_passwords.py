"""Which passwords are too weak: short ones, and those that are guessed first (NIST SP 800-63B, 5.1.1.2).

How many guesses a password stands is estimated by zxcvbn, which knows 30,000 passwords from breaches,
words and names, keyboard patterns, dates and repetitions, and how they are disguised. No mixture of
kinds of characters is asked for.
"""

import re
from collections.abc import Sequence

from zxcvbn import zxcvbn

LEAST, MOST = 10, 200
# Attackers who ask the portal get a few thousand guesses a day; this stands a hundred million.
LEAST_SCORE = 3
# zxcvbn reads no further, and what it has read is long enough.
READ = 72
OWN_WORDS = ("rating", "portal", "ratingportal", "rejting", "reyting", "отзыв", "рейтинг", "портал", "беларусь")
# People type Russian and Belarusian words on Latin keyboards and the other way round.
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюёўі"
LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`os"
AS_TYPED = str.maketrans(CYRILLIC, LATIN)


def is_guessable(password: str, email: str | None) -> bool:
    """Whether a password is among the first that somebody would try for an account with that e-mail.

    It has to stand as it is, as it would have been typed on a Latin keyboard, and without the words
    that everybody knows of the portal and of the account.
    """
    words = [form for word in (*OWN_WORDS, *_words_of(email or "")) for form in (word, word.translate(AS_TYPED))]
    lower = password.lower()
    forms = {password, *({lower.translate(AS_TYPED), _without(words, lower)} - {lower})}
    return any(_falls_soon(form, words) for form in forms)


def _falls_soon(password: str, words: list[str]) -> bool:
    score: int = zxcvbn(password[:READ], user_inputs=words)["score"] if password else 0
    return score < LEAST_SCORE


def _without(words: Sequence[str], text: str) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _words_of(email: str) -> list[str]:
    local, _, domain = email.lower().partition("@")
    return [word for word in (email.lower(), local, domain, *re.split(r"[\W_\d]+", email.lower())) if len(word) > 2]

"""Which passwords are too weak: short ones, and those that are guessed first (NIST SP 800-63B, 5.1.1.2).

How many guesses a password stands is estimated by zxcvbn, which knows 30,000 passwords from breaches,
words and names, keyboard patterns, dates and repetitions, and how they are disguised. No mixture of
kinds of characters is asked for.
"""

import re

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
    """Whether a password is among the first that somebody would try for an account with that e-mail."""
    known = [*OWN_WORDS, *_words_of(email or "")]
    typed = password.lower().translate(AS_TYPED)
    candidates = {password, typed} if typed != password.lower() else {password}
    words = [form for word in known for form in (word, word.translate(AS_TYPED))]
    return any(zxcvbn(each[:READ], user_inputs=words)["score"] < LEAST_SCORE for each in candidates)


def _words_of(email: str) -> list[str]:
    local, _, domain = email.lower().partition("@")
    return [word for word in (email.lower(), local, domain, *re.split(r"[\W_\d]+", email.lower())) if len(word) > 2]

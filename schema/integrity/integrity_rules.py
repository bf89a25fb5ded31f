"""The rules of integrity and their numbers, with what each means: their thresholds are those of the resolvers."""

from resolvers.integrity import accounts, bursts, concentrations, texts
from resolvers.integrity.judging import DEVIATIONS, UNITS, FindingNumberName, FindingUnit, IntegrityRule
from schema.fields import described

LIMIT = DEVIATIONS // UNITS
ABOVE_PEERS = (
    f"of at least {concentrations.SUBMISSIONS} submissions, {concentrations.TIMES // UNITS} times the share and {LIMIT}"
    f" standard deviations more than among its peers, who have at least {concentrations.PEER_SUBMISSIONS}. Peers are"
    " the other organizations of the country of the same kind that have the same first sphere. expected ="
    " SUBMISSIONS * (PEER_CONCERNED + 1) / (PEER_SUBMISSIONS + 1)."
)

described(
    IntegrityRule,
    "The rules by which findings are made. Standard deviations are those of counts (Poisson): (seen - expected) /"
    " sqrt(expected), as in a control chart for counts (NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.1), with"
    f" the limit at {LIMIT} instead of 3 because so many counts are looked at. One is added to the counts that make an"
    " expectation, so that it is never 0.",
    BURST=f"At least {bursts.IN_A_DAY} submissions in one day, {LIMIT} standard deviations more than by the"
    f" organization's own habit of the {bursts.HABIT_DAYS} days before. expected = (HABIT_SUBMISSIONS + 1) / HABIT_DAYS.",
    ONE_CHANNEL=f"One channel carries the organization: at least {concentrations.SHARE / UNITS:.0%} {ABOVE_PEERS} Only"
    " submissions that tell their channel are looked at.",
    ONE_HOUR=f"One hour of the day carries the organization: at least {concentrations.SHARE / UNITS:.0%} {ABOVE_PEERS}",
    EXTREME_SCORES="Submissions that score 1 by every criterion, or 5 by every criterion, carry the organization: at"
    f" least {concentrations.EXTREME_SHARE / UNITS:.0%} {ABOVE_PEERS}",
    IDENTICAL_TEXTS=f"At least {texts.RATERS} raters wrote reviews of the organization in the same words, of at least"
    f" {texts.LENGTH_IDENTICAL} characters. Case, punctuation and blanks do not matter.",
    COPIED_TEXTS=f"A review of at least {texts.LENGTH_COPIED} characters stands in the same words at"
    f" {texts.ORGANIZATIONS} or more organizations of the country, of which this is one.",
    NEW_ACCOUNTS=f"The accounts of at least {accounts.RATERS} of its raters were made the same day, {LIMIT} standard"
    " deviations more than of all accounts. expected = RATERS * ACCOUNTS_OF_THE_DAY / ACCOUNTS. Only the operator sees"
    " these findings.",
)
described(
    FindingNumberName,
    "The numbers that explain findings. All but HABIT_SUBMISSIONS count what is looked at: counted submissions of the"
    " dates asked for.",
    SUBMISSIONS="Submissions of the organization; of ONE_CHANNEL those that tell their channel.",
    CONCERNED="Of these, those that the finding is about: of the day, the channel, the hour or the score; of"
    " NEW_ACCOUNTS the raters whose accounts were made the same day.",
    SHARE="CONCERNED / SUBMISSIONS.",
    EXPECTED="How many would be expected; the rule says from what.",
    TIMES="CONCERNED / EXPECTED, of the expectation before it is rounded.",
    DEVIATIONS="How many standard deviations CONCERNED lies above EXPECTED: (CONCERNED - EXPECTED) / sqrt(EXPECTED), of"
    " the expectation before it is rounded.",
    PEER_SUBMISSIONS="Submissions of all its peers together.",
    PEER_CONCERNED="Of these, those of the same channel, hour or score.",
    HABIT_SUBMISSIONS=f"Submissions of the organization in the {bursts.HABIT_DAYS} days before.",
    HABIT_DAYS=f"For how many days before it has been rated, 1 to {bursts.HABIT_DAYS}.",
    TEXT_LENGTH="Characters of the text, in the shortest way in which it was written.",
    REVIEWS="Reviews of the organization in these words.",
    RATERS="Distinct raters who wrote them; of NEW_ACCOUNTS all raters of the organization who have an account.",
    ORGANIZATIONS="Organizations of the country that have a review in these words.",
    ACCOUNTS="Accounts that there are.",
    ACCOUNTS_OF_THE_DAY="Of these, those made the same day as the accounts concerned.",
)
described(
    FindingUnit,
    "What one of a finding's number is.",
    COUNT="One submission, review, rater, account or organization, as the name says.",
    SHARE="The whole: 0.5 is half of it.",
    TIMES="As many as are expected: 2 is twice as many.",
    DEVIATIONS="A standard deviation.",
    DAYS="A day.",
    CHARACTERS="A character of a text.",
)

__all__ = ["FindingNumberName", "FindingUnit", "IntegrityRule"]

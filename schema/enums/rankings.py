"""Enumerations of rankings."""

from resolvers.rankings.rankings import RankingOrder
from resolvers.rankings.ranks import NotRankedReason
from resolvers.rankings.standings import RankingMethod
from schema.fields import described

__all__ = ["NotRankedReason", "RankingMethod", "RankingOrder"]

described(
    RankingMethod,
    "By what organizations are ranked.",
    MEAN="The published rating: the mean of the marks, rounded half up to two decimals.",
    CREDIBLE="The mean shrunk toward the set's mean, the more the fewer submissions there are, so that one 5 does not"
    " lead a country: (C m + S) / (C + n), rounded half up once to two decimals. S and n are the sum and the number of"
    " an organization's marks, m is the mean of the marks of all organizations of the set (those with too few raters"
    " to be ranked included, withheld ones not), and C is the policy `CREDIBLE_PRIOR`, a number of submissions, 10 at"
    " first: with C submissions a mean counts half. This is the credibility estimate of H. Bühlmann (Experience Rating"
    " and Credibility, ASTIN Bulletin 4, 1967, 199-207), with n / (n + C) for its Z, known as IMDb's weighted rating"
    " as well. `Rank.explain` tells all numbers of a value.",
)
described(
    RankingOrder,
    "The orders in which a ranking can be read. Equal ones follow their position, then a key of their own.",
    POSITION="From the best position down; those that are not ranked last.",
    CHANGE_DESC="Who rose most since `comparedTo` first; those without a change (new or not ranked) last.",
    CHANGE_ASC="Who fell most since `comparedTo` first; those without a change (new or not ranked) last.",
)
described(
    NotRankedReason,
    "Why an organization has no position in a ranking.",
    NO_SUBMISSIONS="Nobody has rated it.",
    TOO_FEW_RATERS="Fewer raters than the minimum stand behind its rating.",
    CLOSED="It is closed.",
    NOT_AMONG="It does not belong to the set that is ranked.",
)

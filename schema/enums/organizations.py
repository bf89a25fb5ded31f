"""Enumerations of organizations: their register, their trees, the orders of their lists."""

from models.applications import ApplicationStatus
from models.hierarchies import Hierarchy
from models.organizations import Registration
from resolvers.organizations.orders import OrganizationOrder
from resolvers.register.places import Apart
from schema.fields import described

__all__ = ["Apart", "ApplicationStatus", "Hierarchy", "OrganizationOrder", "Registration"]

described(
    Registration,
    "How an organization came onto the portal.",
    STATUTORY="Registered by law.",
    VOLUNTARY="Registered on its own wish.",
)
described(
    ApplicationStatus,
    "What became of an application.",
    PENDING="It waits for an answer.",
    ACCEPTED="It has become an organization.",
    DECLINED="It was declined for a reason.",
)
described(
    Hierarchy,
    "Which tree of organizations is meant.",
    SUBORDINATION="Whom an organization belongs to.",
    SUPERVISION="Which body oversees its branch.",
)
described(
    Apart,
    "Where an organization stands in a tree with nothing above it.",
    ROOT="At the top of the tree.",
    OUTSIDE="Not in the tree at all.",
)
described(
    OrganizationOrder,
    "The orders in which organizations can be listed. Ties are broken by an own key, so that every order is total. By"
    " ratings, submissions and changes of rank the order moves while it is read, page by page: see"
    " `OrganizationConnection`.",
    NAME="By name in the viewer's language.",
    RATING_DESC="The best rated over `slice` first; the unrated, and those whose slice is withheld, last.",
    RATING_ASC="The worst rated over `slice` first; the unrated, and those whose slice is withheld, last.",
    SUBMISSIONS_DESC="The most often rated over `slice` first.",
    RANK_CHANGE_DESC="Who rose most during `slice` first, which needs its `from`: the place among the open"
    " organizations that fit the `filter`, by everything up to `slice.to` that fits the slice otherwise, against the"
    " place by what of that was there the day before `from`. Those without two places last. The numbers are those of"
    " `ranking(among:, slice:, comparedTo:, orderBy: CHANGE_DESC)`, with `comparedTo` that day and no `slice.from`.",
    RANK_CHANGE_ASC="Who fell most during `slice` first: see `RANK_CHANGE_DESC`. Those without two places last.",
    DISTANCE="The nearest to `filter.near.point` first; the default with `filter.near`.",
    RELEVANCE="The best match of `filter.text` first; the default with `filter.text`.",
)

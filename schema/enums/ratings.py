"""Enumerations of ratings: whose submissions are counted, and by what they are broken down."""

from resolvers.ratings.breakdowns import Interval
from resolvers.ratings.cells.dimensions import Dimension
from resolvers.ratings.ratings import Scope
from schema.fields import described

__all__ = ["Dimension", "Interval", "Scope"]

described(
    Scope,
    "Whose submissions are counted.",
    OWN="The organization's own.",
    SUBTREE="Those of the organization and of everything below it in the hierarchy, pooled.",
)
described(
    Interval,
    "The intervals of a history, in the portal's time zone.",
    DAY="Calendar days.",
    WEEK="ISO weeks, Monday to Sunday.",
    MONTH="Calendar months.",
    QUARTER="Calendar quarters.",
    YEAR="Calendar years.",
)
described(
    Dimension,
    "What a breakdown is by. Unless it says otherwise, each submission is in one cell of a dimension, so that the cells"
    " add up to the whole. What was not told is a cell of its own, with the code `-`, and comes last.",
    SUBORDINATE="The organizations directly below in the hierarchy, by name: with scope OWN their own submissions,"
    " with SUBTREE those of everything below them, too. The organization itself is among them, with nothing but its"
    " own. In a summary: each organization of the set, its own.",
    SPHERE="The spheres that the organization works in, in their order. One that works in several counts in each, so"
    " that these cells can add up to more than the whole.",
    CATEGORY="The category of the service that the rater named, in the order of the spheres; `-` for none.",
    SERVICE="The service that the rater named, by name; `-` for none.",
    AREA="The areas directly below the smallest area that all organizations counted stand in, by name: regions for a"
    " country, districts for a region. An organization of just that area is in a cell of that area.",
    KIND="The kind of the organization, in their order.",
    CHANNEL="How the service was rendered; `-` where it was not told.",
    RATER_KIND="For whom the rater speaks.",
    VERIFIED="Whether another system has vouched for the visit: `VERIFIED` or `UNVERIFIED`.",
    CRITERION="The criteria that were scored, in their order: the rating by that criterion alone, so that its scores"
    " are the marks. A submission is in the cells of all its criteria; they do not add up.",
    DAY="The days of submission, in the portal's time zone.",
    WEEK="The ISO weeks of submission, Monday to Sunday.",
    MONTH="The calendar months of submission.",
    QUARTER="The calendar quarters of submission.",
    YEAR="The calendar years of submission.",
)

"""Breakdowns and histories: what they can be by. Their answers are not available yet."""

import enum


class Interval(enum.Enum):
    """The intervals of a history."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


class Dimension(enum.Enum):
    """What a breakdown is by."""

    SUBORDINATE = "SUBORDINATE"
    SPHERE = "SPHERE"
    CATEGORY = "CATEGORY"
    SERVICE = "SERVICE"
    AREA = "AREA"
    KIND = "KIND"
    CHANNEL = "CHANNEL"
    RATER_KIND = "RATER_KIND"
    CRITERION = "CRITERION"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"

"""Points of the plane: PostgreSQL's own type, whose index knows them exactly."""

from sqlalchemy.types import UserDefinedType


class Point(UserDefinedType[str]):
    """PostgreSQL's point: two doubles, here degrees east and north."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "point"

"""Totals: for every organization and pool, what ratings are made of, of all time and by month."""

import enum
from datetime import date

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Computed,
    Date,
    Enum,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.organizations import Organization
from models.submissions import MARK_UNITS


class Pool(enum.Enum):
    """Whose submissions a total counts: the organization's own, or its subtree's in a hierarchy."""

    OWN = "OWN"
    SUBORDINATION = "SUBORDINATION"
    SUPERVISION = "SUPERVISION"


class Total(Base):
    """Sums over the counted submissions of a pool; every organization has a row for each pool.

    `mark_sum` is in 1/720720. `marks[i]` counts the marks that round half up to i.
    `criterion_sums[c]` and `criterion_counts[c]` belong to the criterion with id c.
    `criterion_values[c]` is the published rating by that criterion, null where nobody scored it, and
    `value` the published rating: in hundredths, rounded half up once, in integers.
    """

    __tablename__ = "total"

    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"), primary_key=True)
    pool: Mapped[Pool] = mapped_column(Enum(Pool, name="pool"), primary_key=True)
    submissions: Mapped[int] = mapped_column(BigInteger, server_default="0")
    mark_sum: Mapped[int] = mapped_column(BigInteger, server_default="0")
    satisfied: Mapped[int] = mapped_column(BigInteger, server_default="0")
    raters: Mapped[int] = mapped_column(BigInteger, server_default="0")
    marks: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{0,0,0,0,0}")
    criterion_sums: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    criterion_counts: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    criterion_values: Mapped[list[int | None]] = mapped_column(
        ARRAY(SmallInteger),
        Computed("criterion_values(criterion_sums, criterion_counts)", persisted=True),
    )
    value: Mapped[int | None] = mapped_column(
        SmallInteger,
        Computed("rating_value(mark_sum, submissions)", persisted=True),
    )

    __table_args__ = (
        CheckConstraint(
            "submissions >= 0 AND satisfied BETWEEN 0 AND submissions"
            " AND raters BETWEEN 0 AND submissions AND cardinality(marks) = 5"
            " AND marks[1] + marks[2] + marks[3] + marks[4] + marks[5] = submissions"
            f" AND mark_sum BETWEEN submissions * {MARK_UNITS} AND submissions * {5 * MARK_UNITS}",
            name="adds_up",
        ),
        Index("ix_total_by_value", "pool", text("coalesce(value, 0)"), "organization_id"),
        # With these a whole country is ranked from the index, a tenth of the table.
        Index(
            "ix_total_by_submissions",
            "pool",
            "submissions",
            "organization_id",
            postgresql_include=["value", "raters", "mark_sum"],
        ),
        # A look-up takes half the time that it takes by the key, whose index has all pools; and most that look one up
        # ask for no more than is in the index (decision 0049).
        *(
            Index(
                f"ix_total_of_{pool.value.lower()}",
                "organization_id",
                postgresql_include=["submissions", "raters", "mark_sum", "value"],
                postgresql_where=text(f"pool = '{pool.value}'"),
            )
            for pool in Pool
        ),
    )


class MonthTotal(Base):
    """The sums of one month of submission, where there are any; distinct raters cannot be added up.

    A pool of a hierarchy counts what stands strictly below: a subtree's month is that row and the
    row of OWN together. Most organizations have nothing below them, and would have each month thrice.
    """

    __tablename__ = "month_total"

    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"), primary_key=True)
    pool: Mapped[Pool] = mapped_column(Enum(Pool, name="pool"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    submissions: Mapped[int] = mapped_column(Integer)
    mark_sum: Mapped[int] = mapped_column(BigInteger)
    satisfied: Mapped[int] = mapped_column(Integer)
    marks: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    criterion_sums: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    criterion_counts: Mapped[list[int]] = mapped_column(ARRAY(Integer))

    __table_args__ = (
        CheckConstraint(
            "submissions >= 0 AND satisfied BETWEEN 0 AND submissions AND cardinality(marks) = 5"
            " AND marks[1] + marks[2] + marks[3] + marks[4] + marks[5] = submissions"
            f" AND mark_sum BETWEEN submissions * {MARK_UNITS}::bigint AND submissions * {5 * MARK_UNITS}::bigint",
            name="adds_up",
        ),
        CheckConstraint("extract(day FROM month) = 1", name="begins_a_month"),
    )

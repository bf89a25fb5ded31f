"""Editions: a period's ratings and ranks as they were published. Rows are added once and never changed."""

from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Named, has_a_name, is_a_code
from models.organizations import Organization
from models.totals import Pool

# Goes up with every change of the text below, or of what it says.
METHOD_VERSION = 1
METHOD = (
    "A submission's mark is the mean of the scores of all criteria in it; D = 720720, so that D times a mark is whole."
    " Counted are the submissions of the period, by their dates in the portal's time zone, that were neither withdrawn"
    " nor rejected when the edition was published. OWN counts an organization's own submissions; SUBORDINATION and"
    " SUPERVISION pool them with those of everything below it in that hierarchy, as it stood at publication."
    " With S the sum of D times the marks and N their number, the rating is floor((200 S + N D) / (2 N D)) / 100."
    " A submission satisfied if its mark was at least the policy SATISFACTION_MARK when it was made; raters are"
    " distinct people. Ranked are all organizations that were open at publication and have at least MIN_RATERS raters,"
    " by competition ranking (1, 2, 2, 4), in each pool: by MEAN, which is the rating; and by CREDIBLE, which is"
    " floor((P + 200 S + D (C + N)) / (2 D (C + N))) / 100, where C is CREDIBLE_PRIOR, P = floor(200 C T / M), and"
    " T and M are the sums of S and N over all open organizations."
)


class Edition(Base):
    """A period of whole months, frozen: its method, the policies in force at publication, and a digest of its rows.

    `policies` are values by name, `criteria[c]` is the code of the criterion with id c. `organizations`,
    `submissions` and `raters` count those that were open at publication, and their own submissions of
    the period. What `digest` is of, `models.freezing` says. `account_id`, without a foreign key as
    in the audit trail, is who published it, null for the command line; it is never told.
    """

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    title_be: Mapped[str | None] = mapped_column(Text)
    title_ru: Mapped[str | None] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    method_version: Mapped[int] = mapped_column(SmallInteger)
    method: Mapped[str] = mapped_column(Text)
    policies: Mapped[dict[str, str | int]] = mapped_column(JSONB)
    criteria: Mapped[list[str | None]] = mapped_column(ARRAY(Text))
    organizations: Mapped[int] = mapped_column(Integer)
    submissions: Mapped[int] = mapped_column(BigInteger)
    raters: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        is_a_code(),
        CheckConstraint(
            "num_nonnulls(title_be, title_ru, title_en) > 0"
            " AND '' <> ALL (ARRAY[btrim(title_be), btrim(title_ru), btrim(title_en)])",
            name="has_a_title",
        ),
        CheckConstraint(
            "first_day < last_day AND extract(day FROM first_day) = 1 AND extract(day FROM last_day + 1) = 1",
            name="is_of_whole_months",
        ),
        CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="has_a_digest"),
    )


class EditionOrganization(Named, Base):
    """An organization as it stood on the register at publication; what had been merged into another was none."""

    __tablename__ = "edition_organization"

    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id), primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    is_open: Mapped[bool]

    __table_args__ = (has_a_name(),)


class EditionRating(Base):
    """The rating of one organization and pool, and its places among all that were open.

    The sums are those of `models.totals.Total`, over the period; values are in hundredths, and null
    without submissions. Who is not ranked has a reason instead of positions. `credible_value` is
    null, too, for who was closed, and thus in no set.
    """

    __tablename__ = "edition_rating"

    edition_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    organization_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    pool: Mapped[Pool] = mapped_column(Enum(Pool, name="pool"), primary_key=True)
    submissions: Mapped[int] = mapped_column(BigInteger)
    mark_sum: Mapped[int] = mapped_column(BigInteger)
    satisfied: Mapped[int] = mapped_column(BigInteger)
    raters: Mapped[int] = mapped_column(BigInteger)
    marks: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    criterion_sums: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    criterion_counts: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    value: Mapped[int | None] = mapped_column(SmallInteger)
    credible_value: Mapped[int | None] = mapped_column(SmallInteger)
    not_ranked: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int | None] = mapped_column(Integer)
    tied: Mapped[int] = mapped_column(Integer)
    credible_position: Mapped[int | None] = mapped_column(Integer)
    credible_tied: Mapped[int] = mapped_column(Integer)
    out_of: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(
            ["edition_id", "organization_id"],
            [EditionOrganization.edition_id, EditionOrganization.organization_id],
            name="fk_edition_rating_organization",
        ),
        CheckConstraint(
            "not_ranked IN ('NO_SUBMISSIONS', 'TOO_FEW_RATERS', 'CLOSED')", name="is_not_ranked_for_a_reason"
        ),
        CheckConstraint(
            "num_nulls(not_ranked, position) = 1 AND num_nulls(not_ranked, credible_position) = 1",
            name="is_ranked_or_not",
        ),
    )

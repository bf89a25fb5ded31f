"""Results of a survey, question by question: counts and shares for everybody, texts for officials.

Who answered is protected, not what was answered. Where fewer raters than a policy says stand behind the whole, a
question or an option, the public is not told it, nor the next smallest option by which it could be told.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    FromClause,
    Numeric,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.organizations import Organization
from models.questionnaires import Question, QuestionOption, QuestionType
from models.surveys import SurveyAnswer, SurveyResponse
from resolvers import codes
from resolvers.columns import own
from resolvers.languages import translated
from resolvers.ratings import protection
from resolvers.ratings.ratings import Scope
from resolvers.trees import subtree, tree

TEXTS = ("text_be", "text_ru", "text_en")
ONE_OF = (QuestionType.CHOICE, QuestionType.YES_NO)

responses = own("responses")
raters = own("raters")
withheld = own("withheld")
answered = own("answered")
code = own("code")
count = own("count")


def of_questionnaire(q: FromClause, a: Arguments) -> Rows:
    """One row for a survey: what was answered about the organizations asked for. None for other forms."""
    ids, official = _asked(q, a)
    asked = select(ids.label("organization_ids"), official.label("is_official")).correlate(q).lateral()
    r = SurveyResponse.__table__.alias()
    people = func.count(r.c.rater_id.distinct(), type_=BigInteger())
    there = (r.c.questionnaire_id == q.c.id, _is_about(r, asked.c.organization_ids))
    said = select(func.count().label("responses"), people.label("people")).where(*there).correlate(q, asked).lateral()
    few = and_(~asked.c.is_official, protection.is_few(said.c.people))
    columns = (
        q.c.id.label("questionnaire_id"),
        asked.c.organization_ids,
        asked.c.is_official,
        said.c.responses,
        few.label("withheld"),
        case((~few, said.c.people)).label("raters"),
    )
    row = select(*columns).select_from(asked.join(said, true())).correlate(q).lateral()
    return Rows(row, where=(q.c.opens_on.is_not(None),))


def questions(results: FromClause, a: Arguments) -> Rows:
    """A row for each question of the survey, in order, with how many answered it."""
    asked, given, r = Question.__table__.alias(), SurveyAnswer.__table__.alias(), SurveyResponse.__table__.alias()
    people = func.count(r.c.rater_id.distinct(), type_=BigInteger())
    said = (
        select(func.count().label("answered"), people.label("people"))
        .join_from(given, r, r.c.id == given.c.response_id)
        .where(given.c.question_id == asked.c.id, _is_about(r, results.c.organization_ids))
        .correlate(asked, results)
        .lateral()
    )
    few = or_(results.c.withheld, and_(~results.c.is_official, protection.is_few(said.c.people)))
    row = (
        select(
            *asked.c,
            results.c.organization_ids,
            results.c.is_official,
            case((~results.c.withheld, said.c.answered)).label("answered"),
            few.label("withheld"),
        )
        .select_from(asked.join(said, true()))
        .where(asked.c.questionnaire_id == results.c.questionnaire_id)
        .correlate(results)
        .lateral()
    )
    return Rows(row, order=(Order(row.c.position),))


def question(asked: FromClause, a: Arguments) -> Rows:
    return Rows(asked)


def options(asked: FromClause, a: Arguments) -> Rows:
    """The options of a choice in order, or both answers to a question of yes or no; each with how often it was given."""
    offered, tally = _offered(asked), _tally(asked)
    hidden = or_(asked.c.withheld, and_(~asked.c.is_official, func.coalesce(tally.c.hidden, false())))
    row = (
        select(
            *offered.c,
            hidden.label("withheld"),
            case((~hidden, func.coalesce(tally.c.count, 0))).label("count"),
            asked.c.answered.label("out_of"),
        )
        .select_from(offered.outerjoin(tally, tally.c.code == offered.c.code))
        .correlate(asked)
        .lateral()
    )
    return Rows(row, order=(Order(row.c.position),))


text = translated("text")


def share(option: FromClause, a: Arguments) -> ColumnElement[int]:
    """The share of those who answered the question, in units of its fourth decimal, rounded half up."""
    return (20_000 * option.c.count + option.c.out_of) // (2 * func.nullif(option.c.out_of, 0))


def mean(asked: FromClause, a: Arguments) -> ColumnElement[int]:
    """The mean of the numbers in hundredths, rounded half up, in whole numbers: they have six decimals at most."""
    given, r = SurveyAnswer.__table__.alias(), SurveyResponse.__table__.alias()
    number = case((asked.c.type == QuestionType.NUMBER, cast(given.c["values"][1], Numeric)))
    above = 2 * func.sum(number * 1_000_000, type_=Numeric()) + 10_000 * func.count(number)
    below = 20_000 * func.nullif(func.count(number), 0)
    rest = func.mod(func.mod(above, below) + below, below, type_=Numeric())
    found = select(cast(func.div(above - rest, below), BigInteger)).join_from(given, r, r.c.id == given.c.response_id)
    there = (given.c.question_id == asked.c.id, _is_about(r, asked.c.organization_ids))
    return case((~asked.c.withheld, found.where(*there).correlate(asked).scalar_subquery()))


def texts(asked: FromClause, a: Arguments) -> Rows:
    """What was written, to officials alone, in an order that tells nothing of when."""
    given, r = SurveyAnswer.__table__.alias(), SurveyResponse.__table__.alias()
    about = r.c.organization_id.label("organization_id")
    return Rows(
        given,
        joins=((r, r.c.id == given.c.response_id),),
        where=(
            given.c.question_id == asked.c.id,
            _is_about(r, asked.c.organization_ids),
            asked.c.is_official,
            asked.c.type == QuestionType.TEXT,
        ),
        order=(Order(cast(r.c.code, Text)),),
        extras={"organization_id": about},
    )


def words(given: FromClause, a: Arguments) -> ColumnElement[str]:
    return given.c["values"][1]


def organization(given: FromClause, a: Arguments) -> Rows:
    row, named = Organization.__table__.alias(), Organization.__table__.alias()
    meant = select(codes.standing_for(named)).where(named.c.id == given.c.organization_id).correlate(given)
    return Rows(row, where=(row.c.id == meant.scalar_subquery(),))


def _asked(q: FromClause, a: Arguments) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    """The ids of the organizations asked for, null for all, and whether the viewer sees everything of them."""
    if a.organization is None:
        return cast(null(), ARRAY(BigInteger())), visibility.survey_results(q, None, None, a)
    one = codes.meant(a.organization)
    if a.scope is Scope.OWN:
        known = func.known(one, literal("organization"), type_=BigInteger())
        return array([known]), visibility.survey_results(q, one, None, a)
    return subtree(a.organization, "organization", tree(a)), visibility.survey_results(q, one, tree(a), a)


def _is_about(r: FromClause, ids: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a response is about one of some organizations: of one that was merged, about who took it over."""
    o = Organization.__table__.alias()
    today = select(codes.standing_for(o)).where(o.c.id == r.c.organization_id).correlate(r).scalar_subquery()
    return or_(ids.is_(None), today == func.any(ids))


def _offered(asked: FromClause) -> FromClause:
    """The answers that a question offers."""
    o = QuestionOption.__table__.alias()
    chosen = select(o.c.code, o.c.position, *(o.c[each] for each in TEXTS)).where(o.c.question_id == asked.c.id)
    nothing = [cast(null(), Text()).label(each) for each in TEXTS]
    yes_no = [
        select(literal(answer, Text()).label("code"), literal(place).label("position"), *nothing).where(
            asked.c.type == QuestionType.YES_NO
        )
        for place, answer in enumerate(("true", "false"), 1)
    ]
    return union_all(*(each.correlate(asked) for each in (chosen, *yes_no))).lateral()


def _tally(asked: FromClause) -> FromClause:
    """How often each option was given, and whether it is hidden from the public.

    Of a question of which one option is chosen the options are the cells. Of several, each option is a
    question of its own: who chose it, and who did not.
    """
    given, r, o = (each.__table__.alias() for each in (SurveyAnswer, SurveyResponse, QuestionOption))
    rows = select().join_from(given, r, r.c.id == given.c.response_id)
    rows = rows.where(given.c.question_id == asked.c.id, _is_about(r, asked.c.organization_ids))
    nothing, chosen = literal("", Text()), o.c.code == func.any(given.c["values"])
    one = rows.with_only_columns(
        nothing.label("part"), given.c["values"][1].label("value"), r.c.rater_id, true().label("is_given")
    ).where(asked.c.type.in_(ONE_OF))
    several = (
        rows.join(o, o.c.question_id == given.c.question_id)
        .with_only_columns(
            o.c.code.label("part"), cast(chosen, Text()).label("value"), r.c.rater_id, chosen.label("is_given")
        )
        .where(asked.c.type == QuestionType.MULTIPLE_CHOICE)
    )
    said = union_all(one.correlate(asked), several.correlate(asked)).lateral()
    cell = protection.cells(said, ("part",), ("value",)).lateral()
    which = func.coalesce(func.nullif(cell.c.part, ""), cell.c.value)
    hidden = select(which.label("code"), func.bool_or(cell.c.hidden).label("hidden")).group_by(which).lateral()
    of = func.coalesce(func.nullif(said.c.part, ""), said.c.value)
    times = func.count().filter(said.c.is_given)
    counted = select(of.label("code"), times.label("count")).group_by(of).lateral()
    return (
        select(counted.c.code, counted.c.count, hidden.c.hidden)
        .select_from(counted.join(hidden, hidden.c.code == counted.c.code))
        .lateral()
    )

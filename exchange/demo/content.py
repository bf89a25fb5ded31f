"""The demo's rows of every table but the opinions, and how they get into the database."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from psycopg import Connection

from exchange.demo import people
from exchange.demo.bulk import copy
from exchange.demo.catalogue import Catalogue
from exchange.demo.dice import dice
from exchange.demo.forms import BEGINNING, Form, Forms
from exchange.demo.organizations import Organization
from exchange.demo.territory import Territory
from exchange.demo.timeline import OFFSET

NAMES = "name_be, name_ru, name_en"
TEXTS = "text_be, text_ru, text_en"


def add_territory(connection: Connection, territory: Territory) -> None:
    """Areas; the country's boundary is what its regions cover together."""
    copy(
        connection,
        "area",
        f"id, code, parent_id, parent_path, boundary, {NAMES}",
        (
            (
                area.id,
                area.code,
                area.parent and area.parent.id,
                area.parent and area.parent.path,
                territory.boundaries.get(area.id),
                *area.name,
            )
            for area in territory.areas
        ),
    )
    connection.execute(
        "UPDATE area SET boundary = (SELECT ST_Multi(ST_Union(boundary)) FROM area) WHERE parent_id IS NULL"
    )


def add_catalogue(connection: Connection, catalogue: Catalogue) -> None:
    """Kinds, spheres, categories, services."""
    kinds = catalogue.kinds.items()
    copy(
        connection,
        "organization_kind",
        f"id, code, ordinal, {NAMES}",
        ((i, code, i, *name) for code, (i, name) in kinds),
    )
    spheres = ((sphere.id, sphere.code, sphere.id, *sphere.name) for sphere in catalogue.spheres)
    copy(connection, "sphere", f"id, code, ordinal, {NAMES}", spheres)
    copy(
        connection,
        "category",
        f"id, code, sphere_id, ordinal, {NAMES}",
        ((known.id, known.code, known.sphere.id, known.ordinal, *known.name) for known in catalogue.categories),
    )
    services = ((service.id, service.code, service.category, *service.name) for service in catalogue.services)
    copy(connection, "service", f"id, code, category_id, {NAMES}", services)


def add_forms(connection: Connection, forms: Forms) -> None:
    """Criteria and questionnaires: drafts first, published when complete, as the database demands."""
    criteria = ((known.id, known.code, known.sphere, known.id, BEGINNING, *known.name) for known in forms.criteria)
    copy(connection, "criterion", f"id, code, sphere_id, ordinal, valid_from, {NAMES}", criteria)
    copy(
        connection,
        "questionnaire",
        "id, code, version, sphere_id, title_be, title_ru, title_en",
        ((form.id, form.code, form.version, form.sphere, *form.title) for form in forms.forms),
    )
    for form in forms.forms:
        _add_parts(connection, form)
        published = f"{form.published} 00:00:00{OFFSET}"
        retired = form.retired and f"{form.retired} 00:00:00{OFFSET}"
        connection.execute("UPDATE questionnaire SET published_at = %s WHERE id = %s", (published, form.id))
        connection.execute("UPDATE questionnaire SET retired_at = %s WHERE id = %s", (retired, form.id))


def _add_parts(connection: Connection, form: Form) -> None:
    places = ((form.id, criterion.id, place) for place, criterion in enumerate(form.criteria, 1))
    copy(connection, "questionnaire_criterion", "questionnaire_id, criterion_id, position", places)
    copy(
        connection,
        "question",
        f"id, questionnaire_id, code, type, required, position, {TEXTS}",
        (
            (question.id, form.id, question.code, question.type, question.required, place, *question.text)
            for place, question in enumerate(form.questions, 1)
        ),
    )
    options = (
        (question.id, code, place, *text)
        for question in form.questions
        for place, (code, text) in enumerate(question.options, 1)
    )
    copy(connection, "question_option", f"question_id, code, position, {TEXTS}", options)


def add_organizations(connection: Connection, organizations: Sequence[Organization], catalogue: Catalogue) -> None:
    """The register, and what each of its organizations does."""
    copy(
        connection,
        "organization",
        "id, code, kind_id, registration, opened_on, closed_on, area_id,"
        f" address_be, address_ru, address_en, location, {NAMES}",
        (_organization(known, catalogue.kinds[known.kind][0]) for known in organizations),
    )
    spheres = ((known.id, sphere.id) for known in organizations for sphere in known.spheres)
    copy(connection, "organization_sphere", "organization_id, sphere_id", spheres)
    services = ((known.id, service) for known in organizations for service in known.services)
    copy(connection, "organization_service", "organization_id, service_id", services)


def _organization(known: Organization, kind: int) -> tuple[Any, ...]:
    return (
        known.id,
        known.code,
        kind,
        "VOLUNTARY" if known.voluntary else "STATUTORY",
        known.life.opened,
        known.life.closed,
        known.area.id,
        *known.site.address,
        f"SRID=4326;POINT({known.site.longitude} {known.site.latitude})",
        *known.name,
    )


def add_trees(connection: Connection, organizations: Sequence[Organization]) -> None:
    """Both hierarchies, parents before children."""
    subordination = (
        ("SUBORDINATION", known.id, known.parent and known.parent.id, known.parent and known.parent.subordination)
        for known in organizations
    )
    supervision = (
        ("SUPERVISION", known.id, known.overseer and known.overseer.id, known.overseer and known.overseer.supervision)
        for known in organizations
        if known.overseen
    )
    columns = "hierarchy, organization_id, parent_id, parent_path"
    copy(connection, "organization_position", columns, subordination)
    copy(connection, "organization_position", columns, supervision)


def add_people(
    connection: Connection, accounts: int, grants: Sequence[people.Grant], made_for_it: AbstractSet[int], seed: int
) -> None:
    """Raters, their accounts, some of them made for a scheme, and the offices that some hold."""
    copy(connection, "rater", "id, pseudonym, kind", people.raters(accounts, dice(seed, "raters")))
    columns = "id, code, rater_id, email, registered_at"
    copy(connection, "account", columns, people.account_rows(accounts, made_for_it, dice(seed, "accounts")))
    copy(connection, "role_grant", "account_id, role, organization_id, hierarchy, valid_from", grants)

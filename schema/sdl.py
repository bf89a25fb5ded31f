"""The schema as it is published: in GraphQL's definition language, with the directives that gateways compose by.

Strawberry prints the keys of types and the like. Added here is `@tag(name: "public")`, by which a
contract graph can be cut that has nothing that takes a role.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import strawberry
from graphql import (
    ConstDirectiveNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListValueNode,
    NamedTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
)

from schema.directives import CACHE_CONTROL, directives

# What gateways alone ask for: none of their composers needs to be told.
MACHINERY = frozenset({"_service", "_entities", "_Service", "_Entity", "_Any"})

# The fields that answer nothing, or refuse, unless the viewer has a role, or a system a scope; all others are public.
TAKE_A_ROLE = frozenset(
    {
        "Mutation.acceptApplication",
        "Mutation.changeClient",
        "Mutation.changeOrganization",
        "Mutation.changeQuestionnaire",
        "Mutation.closeOrganization",
        "Mutation.createOrganization",
        "Mutation.decideComplaint",
        "Mutation.declineApplication",
        "Mutation.discardQuestionnaire",
        "Mutation.draftQuestionnaire",
        "Mutation.editReply",
        "Mutation.grantRole",
        "Mutation.hideReview",
        "Mutation.inviteToRate",
        "Mutation.markReviewSeen",
        "Mutation.mergeOrganization",
        "Mutation.moveOrganization",
        "Mutation.publishEdition",
        "Mutation.publishQuestionnaire",
        "Mutation.publishReview",
        "Mutation.recordMeasure",
        "Mutation.registerClient",
        "Mutation.rejectSubmission",
        "Mutation.reopenOrganization",
        "Mutation.replyToReview",
        "Mutation.restoreSubmission",
        "Mutation.retireQuestionnaire",
        "Mutation.revokeClient",
        "Mutation.revokeRole",
        "Mutation.rotateClientSecret",
        "Mutation.setPolicy",
        "Mutation.setReviewPolicy",
        "Mutation.withdrawPolicy",
        "Mutation.withdrawReviewPolicy",
        "Organization.placements",
        "Query.auditEvents",
        "Query.clients",
        "Query.complaints",
        "Query.grants",
        "Query.integrityFindings",
        "Query.employeeMentions",
        "Query.reviewCounts",
        "Query.reviews",
        "Query.submissions",
        "Reply.versions",
        "Review.seenBy",
        "Subscription.reviewAdded",
        "SubmissionEvent.moderator",
        "SubmissionEvent.note",
        "SurveyQuestion.texts",
    }
)

ROOTS = ("Query", "Mutation", "Subscription")
WITH_FIELDS = (ObjectTypeDefinitionNode, InterfaceTypeDefinitionNode)
TYPES = (
    *WITH_FIELDS,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    UnionTypeDefinitionNode,
)

PUBLIC = ' @tag(name: "public")'


@lru_cache(maxsize=4)
def sdl_of(schema: strawberry.Schema) -> str:
    """The text of a schema, which is also what `_service` answers."""
    text = schema.as_str()
    definitions = parse(text).definitions
    public = _public({each.name.value: each for each in definitions if isinstance(each, TYPES)})
    said = dict(directives(schema._schema))  # noqa: SLF001 - Strawberry has no public name for it
    edits = [edit for each in definitions for edit in (*_edits(each, public), *_directed(each, said))]
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start].rstrip() + text[end:] if start < end else text[:start] + replacement + text[end:]
    return CACHE_CONTROL + text


# --- what is public ---


def _public(types: Mapping[str, Any]) -> frozenset[str]:
    """The types that public fields lead to."""
    found: set[str] = set()
    waiting = [name for name in ROOTS if name in types]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [each for each in _led_to(types[name]) if each in types]
    return frozenset(found)


def _led_to(type_: Any) -> Iterator[str]:
    """The types that a type's public fields and their arguments have."""
    if isinstance(type_, UnionTypeDefinitionNode):
        yield from (each.name.value for each in type_.types or ())
    elif isinstance(type_, InputObjectTypeDefinitionNode):
        yield from (_named(each.type) for each in type_.fields or ())
    elif isinstance(type_, WITH_FIELDS):
        yield from (each.name.value for each in type_.interfaces or ())
        for field in _public_fields(type_):
            yield _named(field.type)
            yield from (_named(each.type) for each in field.arguments or ())


def _public_fields(type_: Any) -> list[FieldDefinitionNode]:
    return [
        each
        for each in type_.fields
        if f"{type_.name.value}.{each.name.value}" not in TAKE_A_ROLE and each.name.value not in MACHINERY
    ]


def _named(type_: Any) -> str:
    while not isinstance(type_, NamedTypeNode):
        type_ = type_.type
    return type_.name.value


# --- how that is written ---

# From where to where, and what stands there instead.
Edit = tuple[int, int, str]


def _edits(node: Any, public: frozenset[str]) -> Iterator[Edit]:
    """What changes of a definition: no machinery, and the tag on what is public."""
    if isinstance(node, SchemaDefinitionNode):
        yield from (_added(_imported(link), ', "@tag", "@cost", "@listSize"') for link in node.directives or ())
    elif isinstance(node, TYPES):
        if node.name.value in MACHINERY:
            yield _left_out(node)
        elif node.name.value in public:
            yield from _tags(node)


def _tags(type_: Any) -> Iterator[Edit]:
    """The tag of a type; of one of which only some fields are public, theirs and their arguments'."""
    fields: Sequence[Any] = (type_.fields or ()) if isinstance(type_, WITH_FIELDS) else ()
    tagged = _public_fields(type_) if fields else ()
    yield from (_left_out(each) for each in fields if each.name.value in MACHINERY)
    if len(tagged) < len(fields):
        yield from (_added(each, PUBLIC) for field in tagged for each in (field, *(field.arguments or ())))
    else:
        yield _added([type_.name, *(getattr(type_, "interfaces", None) or ()), *(type_.directives or ())][-1], PUBLIC)


def _directed(type_: Any, said: Mapping[str, str]) -> Iterator[Edit]:
    """What fields and arguments cost, how long their lists are, and how long answers may be kept."""
    if isinstance(type_, ObjectTypeDefinitionNode):
        for field in type_.fields or ():
            dotted = f"{type_.name.value}.{field.name.value}"
            texts = [(each, said.get(f"{dotted}({each.name.value}:)")) for each in field.arguments or ()]
            for node, text in [*texts, (field, said.get(dotted))]:
                if text and field.name.value not in MACHINERY:
                    yield _added(node, text)


def _imported(link: ConstDirectiveNode) -> Any:
    """The last name that a link imports."""
    lists = (each.value for each in link.arguments or () if each.name.value == "import")
    return next(each.values[-1] for each in lists if isinstance(each, ListValueNode))


def _added(node: Any, text: str) -> Edit:
    return node.loc.end, node.loc.end, text


def _left_out(node: Any) -> Edit:
    return node.loc.start, node.loc.end, ""

"""What fields cost beside the rule that an object is a point, and how long lists are that have no pages.

Measured: about a point for each twentieth of a millisecond that PostgreSQL takes at full scale.
"""

from graphql import GraphQLSchema

from engine.costs import ListSize, Tariff

# Changes lock, count and write: the price of some dozen reads. What hashes a password costs more on purpose.
CHANGE, HASHING = 20, 200

WEIGHTS = {
    "Organization.breakdown": 10,
    "Organization.coverage": 10,
    "Organization.history": 10,
    "Organization.invitations": 10,
    "Organization.rank": 5,
    "Query.blindSpots": 20,
    "Query.integrityFindings": 400,
    "Query.organizations": 20,
    "Query.organizationsOnMap": 20,
    "Query.ranking": 20,
    "Query.services": 5,
    "Query.summary": 50,
    "RankingEntry.movedMost": 5,
}

HASHES = frozenset({"changePassword", "register", "resetPassword", "signIn"})

LISTS = {
    "Organization.breakdown": ListSize(100, ("first",), most=1_000),
    "Organization.history": ListSize(50, most=400),
    "Query.organizationsOnMap": ListSize(500, ("limit",), ("organizations",), most=500),
}


def tariff_of(schema: GraphQLSchema) -> Tariff:
    """What the fields of the schema cost."""
    mutations = schema.mutation_type.fields if schema.mutation_type else ()
    changes = {f"Mutation.{name}": HASHING if name in HASHES else CHANGE for name in mutations}
    return Tariff({**changes, **WEIGHTS}, LISTS)

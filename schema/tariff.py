"""What fields cost beside the rule that an object is a point, and how long lists are that have no pages.

About a point for each twentieth of a millisecond of PostgreSQL's processor time at full scale: `scripts/bench --points`
measures it. Where a field takes much longer for some organizations, or alone than in a list, it is in between.
"""

from graphql import GraphQLSchema

from engine.documents.costs import ListSize, Tariff

# Changes lock, count and write: the price of some dozen reads. What hashes a password costs more on purpose.
CHANGE, HASHING = 20, 200

# Arguments that are given: totals do not serve each slice, and who asks for a subtree may ask for the country.
WEIGHTS = {
    "Organization.coverage": 200,
    "Organization.history": 1,
    "Organization.invitations": 10,
    "Organization.rank": 30,
    "Organization.rank(slice:)": 2_000,
    "Organization.rating(slice:)": 20,
    "Organization.responsiveness(scope:)": 100,
    "Organization.reviews(scope:)": 500,
    "Query.blindSpots": 500,
    "Query.integrityFindings": 400,
    "Query.organizations": 20,
    "Query.organizations(slice:)": 4_000,
    "Query.organizationsOnMap": 100,
    "Query.ranking": 100,
    "Query.ranking(comparedTo:)": 2_000,
    "Query.ranking(slice:)": 4_000,
    "Query.services": 5,
    "Query.summary": 50,
    "Query.summary(slice:)": 3_000,
    "RankingEntry.movedMost": 5,
}

HASHES = frozenset({"changePassword", "register", "resetPassword", "signIn"})

BREAKDOWN, HISTORY = ListSize(100, ("first",), most=1_000), ListSize(50, most=400)
LISTS = {
    "Organization.breakdown": BREAKDOWN,
    "Organization.history": HISTORY,
    "Summary.breakdown": BREAKDOWN,
    "Summary.history": HISTORY,
    "Query.organizationsOnMap": ListSize(500, ("limit",), ("organizations",), most=500),
}


def tariff_of(schema: GraphQLSchema) -> Tariff:
    """What the fields of the schema cost."""
    mutations = schema.mutation_type.fields if schema.mutation_type else ()
    changes = {f"Mutation.{name}": HASHING if name in HASHES else CHANGE for name in mutations}
    return Tariff({**changes, **WEIGHTS}, LISTS)

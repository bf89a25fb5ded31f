"""How long answers may be kept, where that is longer than not at all: `@cacheControl` of the published schema.

Whatever a submission changes is asked for again each time: an answer that nothing has changed since costs little
(`transport/caching.py`). What the operator changes a few times a year may be some minutes old.
"""

from engine.documents.freshness import Hint

REGISTER, PRIVATE, FLEETING = Hint(300), Hint(0, private=True), Hint(0, private=True, fleeting=True)

HINTS = {
    "Query.area": REGISTER,
    "Query.areas": REGISTER,
    "Query.criteria": REGISTER,
    "Query.services": REGISTER,
    "Query.signInProviders": REGISTER,
    "Query.spheres": REGISTER,
    # Theirs alone who ask.
    "Query.applications": PRIVATE,
    "Query.auditEvents": PRIVATE,
    "Query.clients": PRIVATE,
    "Query.grants": PRIVATE,
    "Query.integrityFindings": PRIVATE,
    "Query.reviews": PRIVATE,
    "Query.submissions": PRIVATE,
    "Query.viewer": PRIVATE,
    "Organization.eligibility": PRIVATE,
    # A link's holder has a secret in hand; a budget is another one at each request.
    "Query.invitation": FLEETING,
    "Query.rateLimit": FLEETING,
}

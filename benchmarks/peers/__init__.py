"""The contestants that serve GraphQL, in the order of the tables; the portal is the first."""

from benchmarks.peers import mercurius, portal, postgraphile, strawberry

PEERS = (portal.PEER, mercurius.PEER, postgraphile.PEER, strawberry.PEER)

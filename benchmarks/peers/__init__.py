"""The contestants that serve GraphQL, in the order of the tables; the portal is the first."""

from benchmarks.peers import mercurius, portal, postgraphile, signed, strawberry

PEERS = (portal.PEER, signed.PEER, signed.MACHINE, mercurius.PEER, postgraphile.PEER, strawberry.PEER)

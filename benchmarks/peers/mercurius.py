"""Mercurius on Fastify, with its JIT and its loaders."""

from benchmarks.peers import node
from benchmarks.peers.peer import Peer

PEER = Peer("mercurius", "Mercurius 16, JIT and loaders", lambda port: node.command("mercurius"))

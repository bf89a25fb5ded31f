"""The portal as one graph with other systems: an example of such a system, the supergraph, gateways that serve it."""

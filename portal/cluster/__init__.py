"""A private PostgreSQL cluster with PostGIS, made and run on this machine for the portal alone."""

from portal.cluster.cluster import Cluster

__all__ = ["Cluster"]

"""The portal side by side with its peers: the same questions to the same database. docs/performance.md tells how."""

"""The register: what changes organizations, and the applications to be put on it."""

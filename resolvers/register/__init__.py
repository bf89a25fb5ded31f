"""The register of organizations: how they come onto it, change, move, merge and close."""

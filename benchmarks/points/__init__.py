"""Points beside the work that they stand for."""

"""Organizations, and what is told of them as a whole."""

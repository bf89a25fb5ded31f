"""Which organizations: by what is told of them, by what is typed, by reference, by likeness."""

"""What people say in words, and what comes of it."""

"""The typed API: it names and documents fields, and points at their meaning in `resolvers`."""

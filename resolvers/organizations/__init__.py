"""Organizations: their fields, their lists and orders, and where they stand on a map."""

"""Tables, constraints, database access and the totals: what is true, and kept true."""

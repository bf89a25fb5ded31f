"""A validated GraphQL operation into few SQL statements, their rows into the answer.

Knows GraphQL and SQL, and nothing of organizations: `fields` is how a schema says what its
fields mean, `executor` is where an operation comes in and its answer goes out.
"""

"""A validated GraphQL operation into few SQL statements, their rows into the answer.

Knows GraphQL and SQL, and nothing of organizations. `executor` is where an operation comes in and its answer goes out.
Its rooms, each built on those below it: `plans`; `documents` and `answers`, which know nothing of each other; `meanings`,
by which a schema says what its fields mean.
"""

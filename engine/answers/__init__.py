"""Answers: rows read as objects, and assembled by functions that are generated for their layouts.

`records` are rows, and how they are read; `small_tables` and `pages` are what they may be read from. `assembler` writes
the functions, as `generated` text; `completion` lets graphql-core read the same records.
"""

"""Advisory locks: fixed numbers, all in one place so that no two mean the same.

Whoever takes several takes them in this order, and before any row.
"""

MIGRATION = 72_072_001

# One import at a time.
IMPORT = 72_072_003

# The organizations' trees: counted submissions share them, moves and recounts take them whole.
TREES = 72_072_002

# One change of questionnaires at a time: versions are numbered, and one of them is current.
QUESTIONNAIRES = 72_072_004

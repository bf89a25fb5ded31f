"""The usual way in Python, done well: what a team would write without an engine of its own."""

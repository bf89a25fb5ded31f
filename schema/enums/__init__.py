"""Enumerations, with what each value means: a file for what they are about."""

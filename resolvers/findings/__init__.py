"""Integrity findings: where submissions look made rather than given, by which rule and which numbers.

`judging` says what a rule is made of, a file a family says its rules, `listing` puts them together.
"""

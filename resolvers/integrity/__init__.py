"""Integrity: where submissions look made rather than given, by which rule and numbers; and where nobody rates.

`judging` says what a rule is made of, a file a family says its rules, `listing` puts them together.
"""

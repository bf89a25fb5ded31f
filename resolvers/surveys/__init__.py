"""Surveys: they are answered, and their results read."""

"""Integrity findings and blind spots."""

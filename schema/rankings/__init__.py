"""Ranks and rankings."""

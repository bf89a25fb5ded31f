"""Accounts: registration, signing in and out, the viewer."""

"""Submissions: whose they are, what they hold, when they count."""

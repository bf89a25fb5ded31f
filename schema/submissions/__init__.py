"""Submissions, and what moderators rule on them."""

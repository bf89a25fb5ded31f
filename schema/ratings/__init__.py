"""Ratings, summaries, and the editions that freeze them."""

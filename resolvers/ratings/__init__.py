"""Ratings: what a slice counts, what stands behind its value, and what of it few raters keep to themselves."""

"""The rules whose values are data with dates."""

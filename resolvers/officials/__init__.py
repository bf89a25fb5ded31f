"""Officials: their roles, and the trail of what is done with them."""

"""Other systems: clients and the links that they send."""

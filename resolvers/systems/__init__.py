"""Other systems: their clients, and the links that they send for services rendered."""

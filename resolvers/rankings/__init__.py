"""Rankings: ratings put in order among a set."""

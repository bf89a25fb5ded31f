"""An example of another team: a one-stop shop, whose counters serve people on behalf of organizations."""

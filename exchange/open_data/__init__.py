"""Open data: what a query of the schema picks, as files for everybody."""

"""Who and what: identities, tokens, and visibility as SQL conditions."""

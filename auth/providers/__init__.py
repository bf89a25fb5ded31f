"""Sign-in through others: OpenID Connect and OAuth 2 providers, each only configuration."""

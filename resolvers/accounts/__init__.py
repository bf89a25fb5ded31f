"""Accounts: how people register, sign in by each way, and leave."""

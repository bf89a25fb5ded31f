"""Subscribers that wait: what each takes of the server's memory, and how soon all are told."""

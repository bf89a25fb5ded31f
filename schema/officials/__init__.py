"""Roles of officials, and the audit trail."""

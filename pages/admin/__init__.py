"""Campaigns, people, the audit log."""

"""The demonstration campaign: five reporting units by name, everything below them invented, the same on every
machine."""

DEMO_PASSWORD = "yikatong2022"
"""Of the ten demonstration accounts; shown on the sign-in page on the loopback address only."""
DEMO_CODE = "SZ2022"
DEMO_USERS = (
    "office", "office2", "leader", "inspector", "inspector2", "unit", "discipline", "auditor", "admin", "security",
)  # fmt: skip

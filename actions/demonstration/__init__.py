"""The demonstration campaign: five reporting units by name and by the source's figures, everything below them invented,
the same on every machine."""

DEMO_PASSWORD = "yikatong2022"
"""Of the ten demonstration accounts; shown on the sign-in page on the loopback address only."""
DEMO_CODE = "SZ2022"
DEMO_USERS = (
    "office", "office2", "leader", "inspector", "inspector2", "unit", "discipline", "auditor", "admin", "security",
)  # fmt: skip
SEED_SOURCE = "2022年6月20日纪检监察组现场公开摇号的六个号码，依摇出次序以“-”连接"
SEED = "20220620-08-17-23-31-04-12"
SEEDED = 2022
"""Of everything that is left to chance here."""

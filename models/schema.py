"""All tables, for migrations and the audit: importing this module is what fills `Base.metadata`."""

from models import (  # noqa: F401
    audit,
    campaign,
    draft,
    evidence,
    household_check,
    identity,
    issue_record,
    payment,
    region,
    roster,
    sample,
    unit,
    user,
)
from models.database import Base

metadata = Base.metadata

APPEND_ONLY = (
    "audit_entry",
    "issue_event",
    "issue_money",
    "household_check_event",
    "check_line",
    "evidence",
    "sample_frame",
    "sampling_rule",
    "calendar_day",
)
"""History tables: updates and deletes are refused by triggers on both databases."""

"""All tables, for migrations and the audit: importing this module is what fills `Base.metadata`."""

from models import (  # noqa: F401
    activity,
    audit,
    batch,
    bulk,
    campaign,
    covert_visit,
    draft,
    evidence,
    household_check,
    identity,
    issue_record,
    job,
    light_setting,
    notice,
    outcome,
    payment,
    region,
    roster,
    sample,
    saved_view,
    schedule,
    self_check,
    trip,
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
    "region_event",
    "unit_event",
    "batch",
    "self_check_return",
    "activity",
    "trip",
    "trip_member",
    "covert_visit",
    "response",
    "outcome",
    "campaign_event",
    "light_setting",
    "stage",
    "task",
)
"""History tables: updates and deletes are refused by triggers on both databases."""

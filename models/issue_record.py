"""The tables of a problem: its last version, its history, its rounds, its money."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime, enum_column, not_negative
from models.issue_word import Handling, IssueSource, IssueStatus, Nature, Severity
from models.problem_type import problem_types
from models.search_text import search_text

_TYPES = ", ".join(f"'{code}'" for code in problem_types())

SEARCHED = ("number", "title", "facts", "document_number", "document_from")
"""The columns a problem is found by."""


class Issue(Base):
    """A problem 问题 as it stands now. What it was on a past day is in its events."""

    __tablename__ = "issue"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "number"),
        sa.UniqueConstraint("campaign_id", "reporting_unit_id", "sequence"),
        sa.Index("ix_issue_ledger", "campaign_id", "reporting_unit_id", "status", "id"),
        sa.Index(
            "ix_issue_figures",
            *("campaign_id", "status", "reporting_unit_id", "type_code", "source", "deadline", "town_id", "village_id"),
            *("to_recover_cents", "to_pay_cents", "closed_on_time"),
        ),
        sa.Index(
            "ix_issue_order",
            *("campaign_id", "status", "deadline", "number", "reporting_unit_id", "town_id", "village_id"),
            *("responsible_unit_id", "type_code", "author_id", "amount_cents", "round"),
        ),
        sa.Index("ix_issue_deadline", "campaign_id", "deadline", "reporting_unit_id"),
        sa.Index("ix_issue_next_step_on", "campaign_id", "next_step_on"),
        sa.Index(
            "ix_issue_responsible_unit_id",
            *("responsible_unit_id", "campaign_id", "reporting_unit_id", "town_id", "village_id", "status"),
        ),
        sa.Index("ix_issue_author_id", "author_id", "campaign_id"),
        sa.Index("ix_issue_unit_type", "responsible_unit_id", "type_code", "told_on"),
        sa.Index("ix_issue_village_type", "village_id", "type_code", "told_on"),
        sa.Index(
            "ix_issue_town_id",
            *("town_id", "campaign_id", "reporting_unit_id", "status", "responsible_unit_id", "village_id"),
        ),
        sa.CheckConstraint(f"type_code in ({_TYPES})", name="type_is_one_of_14"),
        sa.CheckConstraint("(number is null) = (status = 'DRAFT')", name="number_given_on_submission"),
        *not_negative(
            "households",
            "persons",
            "amount_cents",
            "to_recover_cents",
            "recovered_cents",
            "to_pay_cents",
            "paid_cents",
            "returns",
            "requests",
            "held_workdays",
            "extensions",
            "evidence_count",
        ),
    )
    version: Mapped[int] = mapped_column(comment="optimistic lock: the second writer is refused")
    __mapper_args__ = {"version_id_col": version}

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    number: Mapped[str | None] = mapped_column(sa.String(40), comment="campaign-unit-0001; never changed")
    sequence: Mapped[int | None] = mapped_column(comment="gapless within campaign and reporting unit")
    status: Mapped[IssueStatus] = mapped_column(enum_column(IssueStatus))
    round: Mapped[int] = mapped_column(default=1, comment="1; one more with each reopening")
    # what was found
    source: Mapped[IssueSource] = mapped_column(enum_column(IssueSource))
    document_from: Mapped[str | None] = mapped_column(sa.String(80), comment="who sent it, where the source is outside")
    document_number: Mapped[str | None] = mapped_column(sa.String(60), comment="of the letter it came by")
    document_on: Mapped[date | None] = mapped_column(comment="day on that letter")
    type_code: Mapped[str] = mapped_column(sa.String(4))
    title: Mapped[str] = mapped_column(sa.String(120))
    facts: Mapped[str] = mapped_column(sa.Text)
    found_on: Mapped[date]
    severity: Mapped[Severity] = mapped_column(enum_column(Severity))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    author_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("team.id"))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    town_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    village_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    household_id: Mapped[int | None] = mapped_column(sa.ForeignKey("household.id"))
    check_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("check_line.id"))
    item_code: Mapped[str | None] = mapped_column(sa.ForeignKey("subsidy_item.code"))
    period: Mapped[str | None] = mapped_column(sa.String(20))
    households: Mapped[int] = mapped_column(default=0)
    persons: Mapped[int] = mapped_column(default=0)
    amount_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0, comment="分 involved")
    to_recover_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0, comment="分 wrongly paid")
    recovered_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0, comment="分; sum of issue_money")
    to_pay_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0, comment="分 owed to households")
    paid_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0, comment="分; sum of issue_money")
    # who rectifies what, until when
    handling: Mapped[Handling | None] = mapped_column(enum_column(Handling))
    nature: Mapped[Nature | None] = mapped_column(enum_column(Nature))
    responsible_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    responsible_unit_name: Mapped[str | None] = mapped_column(sa.String(80), comment="as it was called on that day")
    responsible_leader: Mapped[str | None] = mapped_column(sa.String(40))
    person_in_charge: Mapped[str | None] = mapped_column(sa.String(40))
    requirements: Mapped[str | None] = mapped_column(sa.Text, comment="measures asked for on assignment")
    measures: Mapped[str | None] = mapped_column(sa.Text, comment="measures the unit took")
    progress: Mapped[str | None] = mapped_column(sa.Text, comment="the last report")
    assigned_on: Mapped[date | None]
    deadline_rule: Mapped[str | None] = mapped_column(sa.String(20), comment="W15, C30, D2022-09-30, N")
    deadline: Mapped[date | None] = mapped_column(comment="in force; moves by the days the office held it")
    deadline_is_estimate: Mapped[bool] = mapped_column(default=False, comment="calendar of that year unpublished")
    first_deadline: Mapped[date | None] = mapped_column(comment="of this round; never moves")
    next_step_on: Mapped[date | None] = mapped_column(
        comment="with a deadline: the open step to be done next; without one: the next review"
    )
    signed_on: Mapped[date | None]
    is_released: Mapped[bool] = mapped_column(default=False, comment="group C: the accused unit may see it")
    # requests and closing
    requested_from: Mapped[IssueStatus | None] = mapped_column(enum_column(IssueStatus, "requested_from"))
    requested_on: Mapped[date | None] = mapped_column(comment="of the request that now waits or was accepted")
    requests: Mapped[int] = mapped_column(default=0)
    returns: Mapped[int] = mapped_column(default=0)
    held_workdays: Mapped[int] = mapped_column(default=0, comment="working days earlier requests waited, this round")
    extensions: Mapped[int] = mapped_column(default=0)
    unit_head: Mapped[str | None] = mapped_column(sa.String(40), comment="named with the request")
    accepted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_on: Mapped[date | None]
    first_closed_on: Mapped[date | None] = mapped_column(comment="kept when reopened")
    closed_on_time: Mapped[bool | None]
    partial_reason: Mapped[str | None] = mapped_column(sa.String(500), comment="closed with money open: why")
    dismissal_ground: Mapped[str | None] = mapped_column(sa.String(500), comment="proposed or confirmed")
    dismissal_pending: Mapped[bool] = mapped_column(default=False)
    rule_mended: Mapped[str | None] = mapped_column(sa.String(500))
    remark: Mapped[str | None] = mapped_column(sa.String(500))
    evidence_count: Mapped[int] = mapped_column(default=0)
    registered_on: Mapped[date | None]
    told_on: Mapped[date | None] = mapped_column(
        info={"digest": False}, comment="first handed over, or put right on the spot; never moves; from the events"
    )
    search_text: Mapped[str] = mapped_column(
        sa.Text,
        default=lambda context: search_text(*map(context.get_current_parameters().get, SEARCHED)),
        server_default="",
        info={"digest": False},
        comment="folded copy of number, title, facts and document, for searching; says nothing of its own",
    )


@sa.event.listens_for(Issue, "before_insert")
@sa.event.listens_for(Issue, "before_update")
def _derive(mapper: Any, connection: Any, issue: Issue) -> None:
    issue.search_text = search_text(*(getattr(issue, name) for name in SEARCHED))
    issue.told_on = issue.told_on or issue.assigned_on or issue.requested_on


class IssueEvent(Base):
    """One verb done to a problem, and how it stood after it. Append-only; figures as of a past day read from here."""

    __tablename__ = "issue_event"
    __table_args__ = (
        sa.UniqueConstraint("issue_id", "position"),
        sa.Index(
            "ix_issue_event_recorded_at",
            *("recorded_at", "from_status", "status", "verb", "issue_id", "reporting_unit_id", "town_id", "village_id"),
        ),
        sa.Index("ix_issue_event_as_of", "issue_id", "recorded_at", "position"),
        sa.Index("ix_issue_event_person_id", "person_id"),
        sa.Index("ix_issue_event_stood_in_for_id", "stood_in_for_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    position: Mapped[int] = mapped_column(comment="1, 2, 3 … within the problem")
    round: Mapped[int]
    verb: Mapped[str] = mapped_column(sa.String(30), comment="value of Verb, or create")
    from_status: Mapped[IssueStatus | None] = mapped_column(enum_column(IssueStatus, "from_status"))
    status: Mapped[IssueStatus] = mapped_column(enum_column(IssueStatus), comment="after it")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    stood_in_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="代")
    role: Mapped[str] = mapped_column(sa.String(20))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    note: Mapped[str | None] = mapped_column(sa.Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JsonText, comment="what the verb brought, field by field")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # how the problem stood after it, for figures as of a day
    type_code: Mapped[str] = mapped_column(sa.String(4))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    town_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    village_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    responsible_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    source: Mapped[IssueSource] = mapped_column(enum_column(IssueSource))
    deadline: Mapped[date | None]
    amount_cents: Mapped[int] = mapped_column(sa.BigInteger)
    to_recover_cents: Mapped[int] = mapped_column(sa.BigInteger)
    to_pay_cents: Mapped[int] = mapped_column(sa.BigInteger)
    recovered_cents: Mapped[int] = mapped_column(sa.BigInteger)
    paid_cents: Mapped[int] = mapped_column(sa.BigInteger)


class IssuePerson(Base):
    """A person of the roster whom a problem concerns; their name and numbers stay in `identity`."""

    __tablename__ = "issue_person"
    __table_args__ = (
        sa.UniqueConstraint("issue_id", "member_id"),
        sa.Index("ix_issue_person_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("household_member.id"))


class IssueRound(Base):
    """One round of rectification; round 2 stands on round 1."""

    __tablename__ = "issue_round"
    __table_args__ = (sa.UniqueConstraint("issue_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    round: Mapped[int]
    opened_on: Mapped[date]
    reason: Mapped[str | None] = mapped_column(sa.Text, comment="why it was reopened")
    first_deadline: Mapped[date | None]
    closed_on: Mapped[date | None]
    closed_on_time: Mapped[bool | None]


CORRECTABLE = (
    "title",
    "facts",
    "type_code",
    "found_on",
    "document_from",
    "document_number",
    "document_on",
    "severity",
    "households",
    "persons",
    "amount_cents",
    "to_recover_cents",
    "to_pay_cents",
    "item_code",
    "period",
    "responsible_leader",
    "person_in_charge",
    "measures",
    "rule_mended",
    "remark",
)
"""Fields 更正 may change: never status, number, deadline or place of the number."""

MEASURE_FIELDS = frozenset({"measures"})
"""Whoever corrects one of these wrote measures in this round and cannot accept or approve it."""


def stands_as(issue: Issue) -> dict[str, Any]:
    """The columns an event copies: how the problem stood after it."""
    names = (
        "type_code",
        "reporting_unit_id",
        "town_id",
        "village_id",
        "responsible_unit_id",
        "source",
        "deadline",
        "amount_cents",
        "to_recover_cents",
        "to_pay_cents",
        "recovered_cents",
        "paid_cents",
    )
    return {name: getattr(issue, name) for name in names}

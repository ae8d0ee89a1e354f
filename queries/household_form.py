"""A household form put together: persons of the roster, what was due and paid to them, what inspectors filled in.

For actions and queries that have looked at permissions already: what comes from here is not masked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from files.payment_store import person_item_totals
from files.storage import Storage
from models.campaign import Campaign, SubsidyItem
from models.check_form import FormHead, FormLine, LineKey, Progress, head_of, line_field, progress
from models.draft import Draft
from models.household_check import CheckLine, CheckStatus, HouseholdCheck, Verdict
from models.id_number import normalise, upgraded
from models.identity import Identity
from models.roster import HouseholdMember
from queries.payment import batch_files

PaymentTotal = tuple[str, int, int, int, int]
"""Item code, year, listed 分, received 分, number of payments."""


@dataclass(frozen=True, slots=True)
class FormPerson:
    """A person of the roster with the identity fields as stored, not masked."""

    member_id: int
    household_id: int
    name: str
    id_number: str
    account_no: str
    relation: str
    is_head: bool
    sex: str
    account_kind: str
    pseudonym: str
    superseded_by_id: int | None


@dataclass(frozen=True, slots=True)
class Form:
    """One household's form as it stands. `check` is None where nobody has opened it yet."""

    check: HouseholdCheck | None
    people: tuple[FormPerson, ...]
    lines: tuple[FormLine, ...]
    head: FormHead
    saved_at: datetime | None = None
    saved_by_id: int | None = None

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return progress([p.member_id for p in self.people], self.lines)

    def lines_of(self, member_id: int) -> tuple[FormLine, ...]:
        """The lines of one person."""
        return tuple(line for line in self.lines if line.key.member_id == member_id)


def subject_of(check_id: int) -> str:
    """Under which the fields of a form are drafted; shared by the team."""
    return f"check:{check_id}"


def form_of(session: Session, check: HouseholdCheck) -> Form:
    """The form of one check."""
    return forms_of(session, check.campaign_id, {check.household_id: check})[check.household_id]


def forms_of(
    session: Session, campaign_id: int, checks: Mapping[int, HouseholdCheck | None]
) -> dict[int, Form]:  # fmt: skip
    """The forms of several households of one campaign: household id → its check, or None where there is none."""
    campaign = session.get_one(Campaign, campaign_id)
    versions = _all_versions(session, checks)
    people = {home: [p for p in found if p.superseded_by_id is None] for home, found in versions.items()}
    open_people = [p for home, check in checks.items() if not _is_handed_in(check) for p in people[home]]
    items = {code: name for code, name in session.execute(sa.select(SubsidyItem.code, SubsidyItem.name))}
    due = _due_lines(session, campaign, open_people, items)
    drafts = _drafts(session, [c.id for c in checks.values() if c is not None and not _is_handed_in(c)])
    handed_in = _handed_in_lines(session, [c for c in checks.values() if c is not None and _is_handed_in(c)], items)
    return {
        home: _handed_in_form(check, versions[home], handed_in[check.id])
        if check is not None and _is_handed_in(check)
        else _open_form(check, people[home], versions[home], due, drafts, items)
        for home, check in checks.items()
    }


def _is_handed_in(check: HouseholdCheck | None) -> bool:
    return check is not None and check.status is CheckStatus.SUBMITTED


def _all_versions(session: Session, households: Collection[int]) -> dict[int, list[FormPerson]]:
    """Every version of every person of the households, in the order of the roster."""
    found: dict[int, list[FormPerson]] = {home: [] for home in households}
    rows = session.execute(
        sa.select(HouseholdMember, Identity)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(HouseholdMember.household_id.in_(households))
        .order_by(HouseholdMember.is_head.desc(), HouseholdMember.position, HouseholdMember.id)
    )
    for member, identity in rows:
        found[member.household_id].append(
            FormPerson(
                member.id,
                member.household_id,
                identity.name or "",
                identity.id_number or "",
                identity.account_no or "",
                member.relation,
                member.is_head,
                member.sex or "",
                member.account_kind or "",
                member.pseudonym,
                member.superseded_by_id,
            )
        )
    return found


# --- what was due and paid ------------------------------------------------------------------------------------------


def _due_lines(
    session: Session, campaign: Campaign, people: Sequence[FormPerson], items: Mapping[str, str]
) -> dict[int, list[FormLine]]:
    """One line a person × item × year in scope that was due or paid, by member."""
    paid = _totals(
        Storage.payments(), batch_files(session, campaign.id),
        tuple(sorted({number for p in people for number in written_as(p.id_number)})),
        tuple(range(campaign.year_from, campaign.year_to + 1)),
    )  # fmt: skip
    lines: dict[int, list[FormLine]] = defaultdict(list)
    for person in people:
        for item, year, listed, received, payments in paid.get(upgraded(person.id_number), ()):
            key = LineKey(person.member_id, item, year)
            lines[person.member_id].append(FormLine(key, items.get(item, item), listed, received, payments))
    return lines


def written_as(id_number: str) -> set[str]:
    """The ways in which a register may write one person's number: 18 digits, and the 15 of older cards."""
    number = upgraded(id_number)
    if not number:
        return set()
    older = {number[:6] + number[8:17]} if len(number) == 18 and number[6:8] == "19" else set()
    return {number, normalise(id_number)} | older


@lru_cache(maxsize=512)
def _totals(
    folder: Path, files: tuple[str, ...], id_numbers: tuple[str, ...], years: tuple[int, ...]
) -> dict[str, list[PaymentTotal]]:
    """Totals by 18-digit number. Batches never change, so the answer holds for as long as the list of them does.

    A year that was reversed below nothing (冲正) counts as 0.
    """
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for total in person_item_totals(folder, files, id_numbers, years):
        sums_of = sums[upgraded(total.id_number), total.item_code, total.year]
        for at, amount in enumerate((total.listed_cents, total.received_cents, total.payments)):
            sums_of[at] += amount
    found: dict[str, list[PaymentTotal]] = defaultdict(list)
    for (number, item, year), (listed, received, payments) in sorted(
        sums.items(), key=lambda s: (s[0][0], -s[0][2], s[0][1])
    ):
        found[number].append((item, year, max(listed, 0), max(received, 0), payments))
    return dict(found)


# --- while it is being filled ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Drafted:
    fields: dict[str, Any]
    saved_at: datetime
    saved_by_id: int


def _drafts(session: Session, check_ids: Sequence[int]) -> dict[int, _Drafted]:
    rows = session.scalars(
        sa.select(Draft).where(Draft.subject.in_([subject_of(id_) for id_ in check_ids])).order_by(Draft.saved_at)
    )
    found: dict[int, _Drafted] = {}
    for row in rows:
        check_id = int(row.subject.partition(":")[2])
        fields = found[check_id].fields if check_id in found else {}
        fields[row.field] = row.value
        found[check_id] = _Drafted(fields, row.saved_at, row.saved_by)
    return found


def _open_form(
    check: HouseholdCheck | None,
    people: Sequence[FormPerson],
    versions: Sequence[FormPerson],
    due: Mapping[int, list[FormLine]],
    drafts: Mapping[int, _Drafted],
    items: Mapping[str, str],
) -> Form:
    drafted = drafts.get(check.id) if check is not None else None
    fields = drafted.fields if drafted is not None else {}
    filled = _filled(fields, _newest(versions))
    lines: list[FormLine] = []
    for person in people:
        for line in due.get(person.member_id, ()):
            lines.append(_with(line, filled.pop(line.key, {})))
        added = sorted(key for key in filled if key.member_id == person.member_id and filled[key].get("verdict"))
        for key in added:
            lines.append(_with(FormLine(key, items.get(key.item_code, key.item_code), is_extra=True), filled[key]))
    return Form(
        check, tuple(people), tuple(lines), head_of(fields), drafted.saved_at if drafted else None,
        drafted.saved_by_id if drafted else None,
    )  # fmt: skip


def _filled(fields: Mapping[str, Any], newest: Mapping[int, int]) -> dict[LineKey, dict[str, Any]]:
    """Drafted parts by line. A roster taken in meanwhile gives persons new rows; what was typed goes with them."""
    filled: dict[LineKey, dict[str, Any]] = defaultdict(dict)
    for name, value in fields.items():
        found = line_field(name)
        if found is not None:
            key, part = found
            filled[replace(key, member_id=newest.get(key.member_id, key.member_id))][part] = value
    return filled


def _newest(versions: Iterable[FormPerson]) -> dict[int, int]:
    """Each version of a person → the one in force."""
    after = {p.member_id: p.superseded_by_id for p in versions}

    def last(member_id: int) -> int:
        following = after.get(member_id)
        return member_id if following in (None, member_id) else last(following)

    return {member_id: last(member_id) for member_id in after}


def _with(line: FormLine, parts: Mapping[str, Any]) -> FormLine:
    verdict = Verdict(parts["verdict"]) if parts.get("verdict") else None
    return replace(line, verdict=verdict, said_cents=parts.get("said"), note=parts.get("note") or None)


# --- once it was handed in ------------------------------------------------------------------------------------------


def last_lines(session: Session, checks: Sequence[HouseholdCheck]) -> list[CheckLine]:
    """The lines of the last submission of each form."""
    if not checks:
        return []
    return list(
        session.scalars(
            sa.select(CheckLine)
            .join(HouseholdCheck, HouseholdCheck.id == CheckLine.check_id)
            .where(CheckLine.check_id.in_([c.id for c in checks]), CheckLine.submission == HouseholdCheck.submission)
            .order_by(CheckLine.id)
        )
    )


def _handed_in_lines(
    session: Session, checks: Sequence[HouseholdCheck], items: Mapping[str, str]
) -> dict[int, list[FormLine]]:
    found: dict[int, list[FormLine]] = {c.id: [] for c in checks}
    for row in last_lines(session, checks):
        found[row.check_id].append(
            FormLine(
                LineKey(row.member_id, row.item_code, row.year),
                items.get(row.item_code, row.item_code),
                row.listed_cents,
                row.received_cents,
                0,
                row.said_cents,
                row.verdict,
                row.note,
                row.listed_cents == 0 and row.received_cents == 0,
                row.id,
            )
        )
    return found


def _handed_in_form(check: HouseholdCheck, versions: Sequence[FormPerson], lines: Sequence[FormLine]) -> Form:
    """As it was handed in: the versions of the persons that its lines name, and whoever else is in the household."""
    named = {line.key.member_id for line in lines}
    newest = _newest(versions)
    covered = {newest[member_id] for member_id in named}
    people = [
        p for p in versions if p.member_id in named or (p.superseded_by_id is None and p.member_id not in covered)
    ]
    head = FormHead(check.outcome, check.visited_on, check.interviewee, check.second_inspector_id)
    return Form(check, tuple(people), tuple(lines), head)

"""Open a household's form, fill it field by field, hand it in, give it back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from actions.campaign import working_campaign
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign, SubsidyItem
from models.campaign_work import CampaignWork
from models.check_form import FormHead, FormLine, companion, fault_of_field, line_field, missing, missing_sentence
from models.draft import Draft
from models.household_check import (
    CheckLayer,
    CheckLine,
    CheckStatus,
    HouseholdCheck,
    HouseholdCheckEvent,
    Verdict,
    VisitOutcome,
)
from models.masking import mask_name
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.role import Permission
from models.roster import Household, HouseholdMember
from models.sample import Sample, SampledHousehold, SampledVillage, SampleState
from models.unit import TeamRegion
from queries.household_check import OPEN_STATES, THING, companions_in, fillable, teams_of
from queries.household_form import Form, form_of, last_lines, subject_of
from queries.scope import check_visible, household_visible

LEAST_REASON, LONGEST_REASON = 5, 500


def open_check(caller: Caller, household_id: int, layer: CheckLayer = CheckLayer.INSPECTION) -> int:
    """Begin the form of a household, or find the one begun before. Returns its id.

    Who: inspectors in a team, in its places, never in their own village. Refused for a household that is neither drawn
    nor a replacement (重点检查 only): what counts for coverage was decided before anyone went.
    """
    with transaction(caller) as tx:
        tx.require(Permission.FILL_CHECK)
        household = _household(tx, household_id)
        found = tx.session.scalar(
            sa.select(HouseholdCheck.id).where(
                HouseholdCheck.household_id == household.id, HouseholdCheck.layer == layer
            )
        )
        if found is not None:
            return found
        working_campaign(tx, household.campaign_id, CampaignWork.BEGIN_FORM)
        if layer is CheckLayer.INSPECTION:
            _require_drawn(tx, household)
        check = HouseholdCheck(
            campaign_id=household.campaign_id, household_id=household.id, village_id=household.village_id,
            town_id=household.town_id, reporting_unit_id=household.reporting_unit_id, layer=layer,
            team_id=_team_for(tx, household), status=CheckStatus.OPEN, submission=0, opened_by_id=tx.person_id,
            opened_at=tx.now,
        )  # fmt: skip
        tx.session.add(check)
        tx.session.flush()
        _put(tx, check.id, "visited_on", tx.today.isoformat())
        _log(tx, check, "open")
    return check.id


def save_field(caller: Caller, check_id: int, field: str, value: Any) -> datetime:
    """Keep one field as it was typed; None empties it. Returns the moment of saving.

    Who: the form's team. `value`: 分 for `said`, an ISO date for `visited_on`, a person's id for `second`, else text.
    """
    with transaction(caller) as tx:
        tx.require(Permission.FILL_CHECK)
        check = _open_form(tx, check_id)
        _check_field(tx, check, field, value)
        _put(tx, check.id, field, value)
    return caller.now


def match_rest(caller: Caller, check_id: int, member_id: int) -> int:
    """其余相符: of one person, mark what has no verdict yet and where register and bank agree. Returns how many.

    What the person says (自述) stays as it is.
    """
    with transaction(caller) as tx:
        tx.require(Permission.FILL_CHECK)
        check = _open_form(tx, check_id)
        rest = [line for line in form_of(tx.session, check).lines_of(member_id) if line.verdict is None and line.agrees]
        for line in rest:
            _put(tx, check.id, line.key.field("verdict"), Verdict.MATCHES.value)
    return len(rest)


def submit_check(caller: Caller, check_id: int, version: int | None = None) -> int:
    """Hand the form in: its lines become the record. Returns the number of lines.

    A finished visit needs a verdict for every person × item (每人不漏项), a reason for each 未核实 and a second
    inspector; one that was not finished has no lines. `version` is the one on screen. Raises Refused with all that is
    missing, Stale when somebody was first.
    """
    with transaction(caller) as tx:
        tx.require(Permission.FILL_CHECK)
        check = _fillable(tx, check_id)
        if check.status not in OPEN_STATES or (version is not None and version != check.version):
            raise Stale(f"{_who_was_first(tx, check)}没有重复提交，请看过最新内容。")
        working_campaign(tx, check.campaign_id, CampaignWork.FILL_FORM)
        form = form_of(tx.session, check)
        head = _complete_head(tx, check, form)
        _take_head(check, head)
        lines = form.lines if head.outcome is not None and head.outcome.is_finished else ()
        check.submission += 1
        check.status = CheckStatus.SUBMITTED
        tx.session.add_all(_record(tx, check, line) for line in lines)
        persons = len({line.key.member_id for line in lines})
        tx.session.execute(sa.delete(Draft).where(Draft.subject == subject_of(check.id)))
        _log(tx, check, "submit", persons=persons, lines=len(lines))
    return len(lines)


def return_check(caller: Caller, check_id: int, reason: str, version: int | None = None) -> None:
    """Give a form back to its team, with the reason; what was handed in stands in the form again to be mended.

    Who: the office. What was handed in stays in the record.
    """
    with transaction(caller) as tx:
        tx.require(Permission.RETURN_CHECK)
        check = tx.session.scalar(
            sa.select(HouseholdCheck).where(
                HouseholdCheck.id == check_id, check_visible(tx.viewer, Permission.RETURN_CHECK)
            )
        )
        if check is None:
            raise NotFoundOrNotYours(THING)
        if check.status is not CheckStatus.SUBMITTED or (version is not None and version != check.version):
            raise Stale(f"{_who_was_first(tx, check)}不能退回，请看过最新内容。")
        working_campaign(tx, check.campaign_id, CampaignWork.FILL_FORM)
        text = _reason(reason)
        _draft_again(tx, check)
        check.status = CheckStatus.RETURNED
        _log(tx, check, "return", note=text)


# --- what the person may do here ------------------------------------------------------------------------------------


def _household(tx: Transaction, household_id: int) -> Household:
    found = tx.session.get(Household, household_id)
    if found is not None and found.village_id in tx.viewer.home_villages:
        raise Refused("这是您自己的村，按回避要求须由其他检查人员入户。")
    visible = sa.select(Household).where(
        Household.id == household_id, household_visible(tx.viewer, Permission.FILL_CHECK)
    )
    household = tx.session.scalar(visible)
    if household is None:
        raise NotFoundOrNotYours(THING)
    return household


def _require_drawn(tx: Transaction, household: Household) -> None:
    drawn = tx.session.execute(
        sa.select(SampledHousehold.replaced_by_id, SampledVillage.replaced_by_id)
        .join(SampledVillage, SampledVillage.id == SampledHousehold.sampled_village_id)
        .join(Sample, Sample.id == SampledHousehold.sample_id)
        .where(Sample.state == SampleState.ADOPTED, Sample.campaign_id == household.campaign_id)
        .where(SampledHousehold.household_id == household.id)
    ).first()
    if drawn is None:
        raise Refused(
            f"{household.number}户不在已采用的抽样名单里，不能登记重点检查。请按名单入户，或由办公室替换样本。"
        )
    if drawn[0] is not None or drawn[1] is not None:
        raise Refused(f"{household.number}户已被替换，请到名单里找替补户。")


def _team_for(tx: Transaction, household: Household) -> int:
    """The team of the person that inspects there."""
    team = tx.session.scalar(
        sa.select(TeamRegion.team_id)
        .where(TeamRegion.team_id.in_(teams_of(tx.viewer)), TeamRegion.reporting_unit_id == household.reporting_unit_id)
        .where(sa.or_(TeamRegion.town_id.is_(None), TeamRegion.town_id == household.town_id))
        .order_by(TeamRegion.team_id)
        .limit(1)
    )
    if team is None:
        raise Refused("您还没有编入负责这里的检查专班，请联系领导小组办公室。")
    return team


def _fillable(tx: Transaction, check_id: int) -> HouseholdCheck:
    check = tx.session.scalar(sa.select(HouseholdCheck).where(HouseholdCheck.id == check_id, fillable(tx.viewer)))
    if check is None:
        raise NotFoundOrNotYours(THING)
    return check


def _open_form(tx: Transaction, check_id: int) -> HouseholdCheck:
    check = _fillable(tx, check_id)
    if check.status not in OPEN_STATES:
        raise Stale(f"{_who_was_first(tx, check)}不能再改；确需修改，请办公室退回。")
    working_campaign(tx, check.campaign_id, CampaignWork.FILL_FORM)
    return check


def _who_was_first(tx: Transaction, check: HouseholdCheck) -> str:
    last = tx.session.scalars(
        sa.select(HouseholdCheckEvent.person_id)
        .where(HouseholdCheckEvent.check_id == check.id)
        .order_by(HouseholdCheckEvent.position.desc())
    ).first()
    who = "您自己" if last == tx.viewer.person_id else "别人"
    return f"这张表刚才已由{who}办理，现在是“{check.status.label}”（第 {check.submission} 次提交）。"


# --- fields ---------------------------------------------------------------------------------------------------------


def _check_field(tx: Transaction, check: HouseholdCheck, field: str, value: Any) -> None:
    campaign = tx.session.get_one(Campaign, check.campaign_id)
    fault = fault_of_field(field, value, campaign.year_from, campaign.year_to)
    if fault is not None:
        raise Refused(fault)
    line = line_field(field)
    if line is None:
        return
    member = tx.session.get(HouseholdMember, line[0].member_id)
    item = tx.session.scalar(sa.select(SubsidyItem.id).where(SubsidyItem.code == line[0].item_code))
    if member is None or member.household_id != check.household_id or item is None:
        raise Refused("这一项不属于本户，请刷新页面。")


def _put(tx: Transaction, check_id: int, field: str, value: Any) -> None:
    """One drafted field. Working paper: becomes a record, and enters the chain, on submission."""
    subject = subject_of(check_id)
    found = tx.session.get(Draft, (subject, field))
    if value is None:
        if found is not None:
            tx.session.delete(found)
    elif found is None:
        tx.session.add(Draft(subject=subject, field=field, value=value, saved_by=tx.person_id, saved_at=tx.now))
    else:
        found.value, found.saved_by, found.saved_at = value, tx.person_id, tx.now


def _draft_again(tx: Transaction, check: HouseholdCheck) -> None:
    """The last submission as fields, in the name of whoever handed it in."""
    submitter = tx.session.scalars(
        sa.select(HouseholdCheckEvent.person_id)
        .where(HouseholdCheckEvent.check_id == check.id, HouseholdCheckEvent.verb == "submit")
        .order_by(HouseholdCheckEvent.position.desc())
    ).first()
    fields: dict[str, Any] = {
        "outcome": check.outcome.value if check.outcome else None,
        "visited_on": check.visited_on.isoformat() if check.visited_on else None,
        "interviewee": check.interviewee,
        "second": check.second_inspector_id,
    }
    for line in last_lines(tx.session, [check]):
        start = f"line:{line.member_id}:{line.item_code}:{line.year}"
        fields |= {f"{start}:verdict": line.verdict.value, f"{start}:said": line.said_cents, f"{start}:note": line.note}
    for field, value in fields.items():
        if value is not None:
            tx.session.merge(
                Draft(
                    subject=subject_of(check.id),
                    field=field,
                    value=value,
                    saved_by=submitter or tx.person_id,
                    saved_at=tx.now,
                )
            )


# --- the record -----------------------------------------------------------------------------------------------------


def _complete_head(tx: Transaction, check: HouseholdCheck, form: Form) -> FormHead:
    head = form.head
    second = companion(head.second_inspector_id, tx.viewer.person_id, check.opened_by_id)
    head = FormHead(head.outcome, head.visited_on, head.interviewee, second)
    friends = companions_in(tx.session, check.team_id, check.village_id, tx.viewer.person_id, tx.today)
    names = {p.member_id: f"{mask_name(p.name)}（{p.relation}）" for p in form.people}
    lacking = missing(head, form.lines, names, [f.person_id for f in friends], tx.today)
    if lacking:
        raise Refused(missing_sentence(lacking))
    return head


def _take_head(check: HouseholdCheck, head: FormHead) -> None:
    finished = head.outcome is not None and head.outcome.is_finished
    check.outcome, check.visited_on = head.outcome, head.visited_on
    check.interviewee = head.interviewee if finished else None
    check.second_inspector_id = head.second_inspector_id


def _record(tx: Transaction, check: HouseholdCheck, line: FormLine) -> CheckLine:
    assert line.verdict is not None
    return CheckLine(
        check_id=check.id, submission=check.submission, member_id=line.key.member_id, item_code=line.key.item_code,
        year=line.key.year, listed_cents=line.listed_cents, received_cents=line.received_cents,
        said_cents=line.said_cents, verdict=line.verdict, note=line.note, recorded_at=tx.now,
    )  # fmt: skip


def _log(
    tx: Transaction, check: HouseholdCheck, verb: str, note: str | None = None, persons: int = 0, lines: int = 0
) -> None:
    last = tx.session.scalar(
        sa.select(sa.func.max(HouseholdCheckEvent.position)).where(HouseholdCheckEvent.check_id == check.id)
    )
    outcome: VisitOutcome | None = check.outcome
    tx.session.add(
        HouseholdCheckEvent(
            check_id=check.id,
            position=(last or 0) + 1,
            verb=verb,
            status=check.status,
            outcome=outcome,
            submission=check.submission,
            persons=persons,
            note=note,
            person_id=tx.person_id,
            recorded_at=tx.now,
        )
    )
    tx.record(
        f"check.{verb}", f"check:{check.id}", submission=check.submission, persons=persons, lines=lines,
        outcome=outcome.value if outcome else None,
    )  # fmt: skip


def _reason(reason: str) -> str:
    text = (reason or "").strip()
    if len(text) < LEAST_REASON:
        raise Refused(f"请写明退回原因，不少于 {LEAST_REASON} 个字。")
    if len(text) > LONGEST_REASON:
        raise Refused(f"退回原因太长：{len(text)} 个字，最多 {LONGEST_REASON} 个字。")
    return text

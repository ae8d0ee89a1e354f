"""Standing in for somebody on leave 代办."""

from datetime import date, timedelta

import sqlalchemy as sa

from actions.grant import user_named
from actions.transaction import Caller, Transaction, transaction
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission, Role
from models.user import Delegation, User, closes_circle
from queries.viewer import Grant, grants_of_person

LONGEST = timedelta(days=92)


def add_delegation(
    caller: Caller, to_user: str, role: Role, since: date, until: date, from_user: str | None = None
) -> int:
    """Let another person act in one's role from a day through another; its id.

    Who: the person for a role of their own; admin for others (`from_user`), but not for roles that security confirms,
    nor to themselves. What the stand-in does shows 代, and the two-person rule looks at both. Only own roles are handed
    on, so that a chain leads no further than one person. Refused: to oneself, to somebody who holds the role there
    anyway, the same days twice, and in a circle: then nobody would be at work.
    """
    with transaction(caller) as tx:
        to = user_named(tx, to_user)
        giver = _giver_id(tx.viewer.person_id, from_user and user_named(tx, from_user))
        if giver != tx.viewer.person_id:
            tx.require(Permission.MANAGE_PEOPLE)
            _refuse_shortcuts(role, to.person_id, tx.viewer.person_id)
        elif not any(g.role is role and g.stands_in_for is None for g in tx.viewer.grants):
            raise Refused(f"您自己没有“{role.label}”的权限，不能委托。")
        if to.person_id == giver:
            raise Refused("不能委托给自己。")
        _check_days(since, until, tx.today)
        _refuse_needless(tx, giver, to, role)
        _refuse_overlap(tx, giver, to.person_id, role, since, until)
        row = Delegation(from_person_id=giver, to_person_id=to.person_id, role=role, since=since, until=until,
                         recorded_at=tx.now)  # fmt: skip
        tx.session.add(row)
        tx.session.flush()
        tx.record("delegation.add", f"delegation:{row.id}", role=role.value, until=until.isoformat())
    return row.id


def end_delegation(caller: Caller, delegation_id: int) -> None:
    """Back at work: from today on nobody stands in. Who: the person who gave it, admin."""
    with transaction(caller) as tx:
        row = tx.session.get(Delegation, delegation_id)
        if row is None or row.until < tx.today:
            raise NotFoundOrNotYours("委托")
        if row.from_person_id != tx.viewer.person_id:
            tx.require(Permission.MANAGE_PEOPLE)
        row.until = tx.today - timedelta(days=1)
        tx.record("delegation.end", f"delegation:{row.id}")


def _giver_id(own: int | None, named: "User | str | None") -> int:
    if isinstance(named, User):
        return named.person_id
    if own is None:
        raise Refused("请指明是谁委托（from_user）。")
    return own


def _refuse_shortcuts(role: Role, to_person: int, own: int | None) -> None:
    if role.needs_confirmation or role is Role.SECURITY:
        raise Refused(f"“{role.label}”只能由本人委托，或者按授权程序提出并由安全管理员确认。")
    if to_person == own:
        raise Refused("不能把别人的权限委托给自己。")


def _refuse_needless(tx: Transaction, giver: int, to: User, role: Role) -> None:
    """Who holds the role at the same places anyway acts in their own name, and two pairs of eyes stay two."""
    own = [g for g in grants_of_person(tx.session, giver, tx.today) if g.role is role]
    if not own:
        raise Refused(f"委托人没有“{role.label}”的权限，不能委托。")
    theirs = [g for g in grants_of_person(tx.session, to.person_id, tx.today) if g.role is role]
    if all(any(_covers(there, grant) for there in theirs) for grant in own):
        raise Refused(f"对方本来就有同样的“{role.label}”权限，不用委托。")


def _covers(wide: Grant, narrow: Grant) -> bool:
    if narrow.role is Role.UNIT:
        return wide.unit_id == narrow.unit_id
    if narrow.role is Role.INSPECTOR:
        return set(narrow.team_ids) <= set(wide.team_ids) and set(narrow.places) <= set(wide.places)
    return wide.is_everywhere or set(narrow.places) <= set(wide.places)


def _refuse_overlap(tx: Transaction, giver: int, taker: int, role: Role, since: date, until: date) -> None:
    held = tx.session.execute(
        sa.select(Delegation.from_person_id, Delegation.to_person_id).where(
            Delegation.role == role, Delegation.since <= until, Delegation.until >= since
        )
    ).all()
    pairs = [(one, other) for one, other in held]
    if (giver, taker) in pairs:
        raise Refused("这几天已经委托给同一个人，没有重复登记。要改日期，请先结束原来的委托。")
    if closes_circle(pairs, giver, taker):
        raise Refused("对方在这几天直接或间接请您代办，互相委托等于没有人在岗。请另选一个人。")


def _check_days(since: date, until: date, today: date) -> None:
    if until < since or until < today:
        raise Refused("委托的截止日期不能早于开始日期，也不能早于今天。")
    if until - since > LONGEST:
        raise Refused(f"一次委托最长 {LONGEST.days} 天。更久的请按授权程序办理。")

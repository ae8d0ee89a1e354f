"""What a person is typing, kept on the server field by field, so that nothing that cuts in loses a word."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from actions.transaction import Caller, Transaction, transaction
from models.draft import Draft
from models.refusal import Refused

LONGEST_VALUE = 20_000
MOST_FIELDS = 60


def save_field(caller: Caller, subject: str, field: str, value: Any) -> datetime:
    """Keep one field; None or an empty text removes it. Returns the moment of saving.

    Who: the person whose form it is; `subject` ends with the user's id (`issue:12:request:u3`). `value` is plain JSON.
    Raises Refused for another person's form and for a text too long to be one.
    """
    with transaction(caller) as tx:
        _require_own(tx, subject)
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            raise Refused(f"内容太长：{len(value):,} 个字，最多 {LONGEST_VALUE:,} 个字，没有保存。")
        found = tx.session.get(Draft, (subject, field))
        if value is None or value in ("", []):
            if found is not None:
                tx.session.delete(found)
        elif found is None:
            _require_room(tx, subject)
            tx.session.add(Draft(subject=subject, field=field, value=value, saved_by=tx.person_id, saved_at=tx.now))
        else:
            found.value, found.saved_by, found.saved_at = value, tx.person_id, tx.now
    return caller.now


def clear_draft(caller: Caller, subject: str) -> None:
    """Forget a form: it became a record, or the person threw it away."""
    with transaction(caller) as tx:
        _require_own(tx, subject)
        tx.session.execute(sa.delete(Draft).where(Draft.subject == subject))


def _require_own(tx: Transaction, subject: str) -> None:
    if tx.viewer.user_id is None or subject.rpartition(":")[2] != f"u{tx.viewer.user_id}":
        raise Refused("这份草稿不是您的，没有保存。")


def _require_room(tx: Transaction, subject: str) -> None:
    """A form has a few dozen fields; more is no form."""
    kept = tx.session.scalar(sa.select(sa.func.count()).select_from(Draft).where(Draft.subject == subject)) or 0
    if kept >= MOST_FIELDS:
        raise Refused("这份草稿的项目太多，没有保存。")

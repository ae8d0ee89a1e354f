"""Covert visits with the questionnaires answered there, taken in as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from actions.batch import Atlas, not_to_come, open_batch
from actions.issue_step import required_text
from actions.transaction import Caller, Transaction, transaction
from models.batch import BatchKind
from models.covert_visit import CovertVisit, Questionnaire, Response
from models.refusal import Refused
from models.role import Permission


@dataclass(frozen=True, slots=True)
class Answered:
    """One questionnaire as it was answered, in the order of the questions; `is_aware` None: not asked."""

    answers: tuple[str, ...]
    is_aware: bool | None = None


@dataclass(frozen=True, slots=True)
class CovertVisitLine:
    """One covert visit. Who answered stays unknown."""

    visited_on: date
    reporting_unit_id: int
    route: str
    responses: tuple[Answered, ...] = ()
    town_id: int | None = None


def load_covert_visits(
    caller: Caller, campaign_id: int, title: str, questions: Sequence[str], lines: Sequence[CovertVisitLine]
) -> int:
    """Take a list of visits in, with the questionnaire of that title. Returns the batch's id.

    Who: office in its region, the terminal. Refused: answers that are not one a question, other questions under a
    title already there.
    """
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_FIELD_RECORDS)
        atlas = Atlas.read(tx, Permission.IMPORT_FIELD_RECORDS)
        batch = open_batch(tx, campaign_id, BatchKind.COVERT_VISIT, len(lines))
        asked = _questionnaire(tx, campaign_id, required_text(title, "问卷名称", most=100), list(questions))
        common = {"campaign_id": campaign_id, "batch_id": batch.id, "recorded_at": tx.now,
                  "recorded_by": tx.viewer.actor}  # fmt: skip
        first, first_response = tx.next_id(CovertVisit), tx.next_id(Response)
        visits = [{"id": first + at, **common, **_visit(tx, atlas, line)} for at, line in enumerate(lines)]
        answered = [(first + at, line, one) for at, line in enumerate(lines) for one in line.responses]
        responses = [
            {"id": first_response + at, **common, "covert_visit_id": visit, **_response(asked, line, one)}
            for at, (visit, line, one) in enumerate(answered)
        ]
        tx.insert_set(CovertVisit, visits, "batch_id", batch.id)
        tx.insert_set(Response, responses, "batch_id", batch.id)
        tx.record(
            Permission.IMPORT_FIELD_RECORDS.value, f"batch:{batch.id}", kind=batch.kind.value, taken=len(visits),
            responses=len(responses),
        )  # fmt: skip
    return batch.id


def _questionnaire(tx: Transaction, campaign_id: int, title: str, questions: list[str]) -> Questionnaire:
    if not questions:
        raise Refused("问卷至少要有一个问题。")
    found = tx.session.scalar(
        sa.select(Questionnaire).where(Questionnaire.campaign_id == campaign_id, Questionnaire.title == title)
    )
    if found is None:
        found = Questionnaire(campaign_id=campaign_id, title=title, questions=questions, created_at=tx.now)
        tx.session.add(found)
        tx.session.flush()
    elif found.questions != questions:
        raise Refused(f"已有名为“{title}”的问卷，问题与这一份不同，请换个名称。")
    return found


def _visit(tx: Transaction, atlas: Atlas, line: CovertVisitLine) -> dict[str, Any]:
    not_to_come(line.visited_on, tx.today, "暗访")
    atlas.require(line.reporting_unit_id, line.town_id)
    return {
        "reporting_unit_id": line.reporting_unit_id, "town_id": line.town_id, "visited_on": line.visited_on,
        "route": required_text(line.route, "暗访路线", most=300),
    }  # fmt: skip


def _response(asked: Questionnaire, line: CovertVisitLine, one: Answered) -> dict[str, Any]:
    if len(one.answers) != len(asked.questions):
        raise Refused(f"问卷有 {len(asked.questions)} 个问题，有一份答卷答了 {len(one.answers)} 个。")
    return {
        "questionnaire_id": asked.id, "reporting_unit_id": line.reporting_unit_id, "town_id": line.town_id,
        "answered_on": line.visited_on, "answers": list(one.answers), "is_aware": one.is_aware,
    }  # fmt: skip

"""A responsible unit contests a problem 申辩, the office answers. Status, deadline and request stay as they are."""

from dataclasses import replace

import sqlalchemy as sa

from actions.issue_step import Step, required_text, step
from actions.telling import tell
from actions.transaction import Caller
from models.contest import Contest, ContestAnswer, ContestVerdict
from models.evidence import Evidence, EvidencePurpose
from models.issue import Verb
from models.notice import NoticeKind
from models.refusal import Refused
from queries.concerned import concerned, people_of_the_unit
from queries.contest import pending_contest

LEAST_GROUND = 10
"""Characters a ground must have: the office has to know what is disputed."""


def contest(caller: Caller, issue_id: int, ground: str, version: int | None = None) -> int:
    """Say why the problem, its measures or its holder are wrong; the office is told. Returns how many papers it brings.

    Who: the responsible unit while it rectifies. Raises Refused without papers of its own (佐证 with the purpose 申辩
    given since the last one), and while an earlier one waits. The clock runs on.
    """
    with step(caller, Verb.CONTEST, issue_id, version) as now:
        now.note = required_text(ground, "申辩理由", least=LEAST_GROUND)
        papers = _papers(now)
        if not papers:
            raise Refused("申辩须附材料，请先上传申辩材料。")
        now.tx.session.add(
            Contest(
                issue_id=now.issue.id, round=now.issue.round, unit_id=now.doer.unit_id, ground=now.note, papers=papers,
                person_id=now.tx.person_id, recorded_at=now.tx.now,
            )
        )  # fmt: skip
        now.detail = {"papers": len(papers)}
        contested = replace(now.case, is_contested=True)
        office = concerned(now.tx.session, now.issue, contested, now.tx.today, Verb.ANSWER)
        tell(now, NoticeKind.CONTEST, {one.person_id for one in office})
    return len(papers)


def answer(
    caller: Caller, issue_id: int, verdict: ContestVerdict, text: str, version: int | None = None
) -> None:  # fmt: skip
    """Answer the 申辩 that waits, once; the unit is told. Who: office, outside the responsible unit.

    Also while a request waits: asking for 销号 withdraws no 申辩.
    """
    with step(caller, Verb.ANSWER, issue_id, version) as now:
        now.note = required_text(text, "答复内容", least=5)
        waiting = pending_contest(now.tx.session, now.issue)
        assert waiting is not None, "the rules have asked"
        now.tx.session.add(
            ContestAnswer(
                contest_id=waiting.id, verdict=verdict, answer=now.note, person_id=now.tx.person_id,
                recorded_at=now.tx.now,
            )
        )  # fmt: skip
        now.detail = {"verdict": verdict.value}
        tell(now, NoticeKind.ANSWER, people_of_the_unit(now.tx.session, waiting.unit_id))


def _papers(now: Step) -> list[int]:
    """Evidence with this purpose that no earlier 申辩 of the round brought."""
    session, issue = now.tx.session, now.issue
    given = session.scalars(
        sa.select(Evidence.id)
        .where(Evidence.issue_id == issue.id, Evidence.round == issue.round)
        .where(Evidence.purpose == EvidencePurpose.CONTEST)
        .order_by(Evidence.id)
    )
    earlier = session.scalars(
        sa.select(Contest.papers).where(Contest.issue_id == issue.id, Contest.round == issue.round)
    )
    brought = {paper for papers in earlier for paper in papers}
    return [paper for paper in given if paper not in brought]

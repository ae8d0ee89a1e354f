"""The fields of a problem that may be corrected, as they stand: what a correction starts from."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from models.issue import Verb
from models.issue_record import CORRECTABLE, Issue
from models.issue_rule import allowed_verbs
from models.masking import mask_text
from models.refusal import NotFoundOrNotYours
from queries.issue_case import case_of, doers_for
from queries.reading import reading
from queries.scope import issue_visible
from queries.viewer import Viewer


def correctable_values(viewer: Viewer, issue_id: int) -> Mapping[str, Any]:
    """Field → value, for whoever may correct the problem now; empty for others.

    A text with numbers of people in it is given whole to its author alone; others get None and write it anew.
    """
    with reading() as session:
        issue = session.scalar(sa.select(Issue).where(Issue.id == issue_id, issue_visible(viewer)))
        if issue is None:
            raise NotFoundOrNotYours("问题")
        case = case_of(session, issue)
        if Verb.CORRECT not in allowed_verbs(case, doers_for(session, viewer, issue, viewer.grants)):
            return {}
        own = issue.author_id == viewer.person_id
        names = [n for n in CORRECTABLE if issue.source.comes_by_document or not n.startswith("document_")]
        return {name: _shown(getattr(issue, name), own) for name in names}


def _shown(value: Any, own: bool) -> Any:
    if isinstance(value, str) and not own and mask_text(value) != value:
        return None
    return value

"""A file chosen before there is a problem to attach it to: kept with the draft of the form, attached on submission."""

from collections.abc import Mapping
from typing import Any

from actions.draft import save_field
from actions.evidence import EvidenceGiven, add_evidence
from actions.transaction import Caller
from files.evidence import evidence_path, keep
from models.draft import Draft
from models.evidence import EvidenceKind, EvidencePurpose
from models.refusal import Refused
from models.role import Permission
from queries.reading import reading

FIELD = "files"
MOST_FILES = 20


def hold_file(caller: Caller, subject: str, data: bytes) -> int:
    """Keep a file with the caller's own draft; returns how many it has now. Who: whoever may raise a problem.

    Refused as evidence is, and for the twenty-first file. The same file twice is one.
    """
    with reading() as session:
        viewer = caller.look_up(session)
        if not viewer.may(Permission.RAISE) or subject.rpartition(":")[2] != f"u{viewer.user_id}":
            raise Refused("这份草稿不是您的，没有保存。")
        row = session.get(Draft, (subject, FIELD))
        held: list[Mapping[str, Any]] = list(row.value) if row is not None else []
    if len(held) >= MOST_FILES:
        raise Refused(f"一次最多带 {MOST_FILES} 份，其余请在提交前的草稿里或由责任单位整改时上传。")
    found = keep(data)
    if all(file["sha256"] != found.sha256 for file in held):
        held.append({"sha256": found.sha256, "media_type": found.media_type})
        save_field(caller, subject, FIELD, held)
    return len(held)


def drop_file(caller: Caller, subject: str, sha256: str) -> None:
    """Take a file out of the draft again; it had not become evidence."""
    with reading() as session:
        row = session.get(Draft, (subject, FIELD))
    left = [file for file in (row.value if row is not None else []) if file["sha256"] != sha256]
    save_field(caller, subject, FIELD, left)


def attach_held_files(caller: Caller, subject: str, issue_id: int) -> tuple[EvidenceGiven, ...]:
    """Make the draft's files evidence of the finding. Who: the problem's author, as in `add_evidence`."""
    with reading() as session:
        viewer = caller.look_up(session)
        row = session.get(Draft, (subject, FIELD))
        files = list(row.value) if row is not None and subject.endswith(f":u{viewer.user_id}") else []
    return tuple(
        add_evidence(
            caller, issue_id=issue_id, purpose=EvidencePurpose.FINDING, data=evidence_path(file["sha256"]).read_bytes(),
            kind=EvidenceKind.PHOTO if file["media_type"].startswith("image/") else EvidenceKind.DOCUMENT,
        )
        for file in files
    )  # fmt: skip

"""Payment batches and evidence files against the hashes the record holds of them."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from files.storage import EVIDENCE, PAYMENTS, Storage
from models.evidence import Evidence
from models.payment import PaymentImport


def missing_or_altered_files(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """A kind and a Chinese sentence for each file that is missing or has other bytes than were recorded."""
    for name, digest, what in recorded_files(connection):
        yield from _compare(Storage.data_dir / name, digest, what)


def recorded_files(connection: sa.Connection) -> Iterator[tuple[str, str, str]]:
    """Each file the record names: its name below the data folder, its SHA-256, what it is in Chinese words."""
    batches = sa.select(PaymentImport.id, PaymentImport.batch_file, PaymentImport.batch_sha256)
    for import_id, name, digest in connection.execute(batches.order_by(PaymentImport.id)):
        yield f"{PAYMENTS}/{name}", digest, f"发放登记第 {import_id} 批的数据文件"
    evidence = sa.select(sa.func.min(Evidence.id), Evidence.sha256).group_by(Evidence.sha256)
    for evidence_id, digest in connection.execute(evidence.order_by(sa.func.min(Evidence.id))):
        yield f"{EVIDENCE}/{digest[:2]}/{digest}", digest, f"第 {evidence_id} 号佐证的文件"


def _compare(path: Path, digest: str, what: str) -> Iterator[tuple[str, str]]:
    if not path.is_file():
        yield "FILE_MISSING", f"{what}不见了，请从备份中找回。"
        return
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            yield "FILE_ALTERED", f"{what}与登记时的散列值不符，被改动过，请从备份中找回。"

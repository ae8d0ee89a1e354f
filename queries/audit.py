"""Does the record still prove itself? The chain entry by entry, then every row against what the chain last said of it.

Source: design, law 5. A cut tail and a chain rewritten from end to end agree with themselves; only a head (sequence,
hash) that left the house finds them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from models.audit import GENESIS, OUTSIDE_THE_RECORD, AuditEntry
from models.database import Database
from models.schema import metadata
from queries.audit_files import missing_or_altered_files
from queries.audit_rows import RowsOnRecord, check_table, readable_rows
from queries.reading import reading

EACH_KIND_SHOWN = 20
"""Findings of one kind in one table that are listed one by one; the rest are counted in one more sentence."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: printed on what leaves the house, compared later."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"

    @classmethod
    def none(cls) -> "Head":
        """Of a chain without entries."""
        return cls(0, GENESIS)

    @classmethod
    def parse(cls, text: str) -> "Head":
        """A head as printed, `SEQ HASH`; ValueError with a plain sentence for anything else."""
        parts = text.split()
        if len(parts) != 2 or not parts[0].isdecimal() or len(parts[1]) != 64 or not _is_hex(parts[1]):
            raise ValueError("校验头应为一个序号、一个空格和 64 位散列值，请照纸上或备份里的原样输入。")
        return cls(int(parts[0]), parts[1].lower())


class FindingKind(StrEnum):
    """What kind of disagreement."""

    ENTRY_ALTERED = "ENTRY_ALTERED"
    CHAIN_BROKEN = "CHAIN_BROKEN"
    ENTRIES_MISSING = "ENTRIES_MISSING"
    TAIL_CUT = "TAIL_CUT"
    REWRITTEN = "REWRITTEN"
    ROW_ALTERED = "ROW_ALTERED"
    ROW_REMOVED = "ROW_REMOVED"
    ROW_SMUGGLED = "ROW_SMUGGLED"
    SET_ALTERED = "SET_ALTERED"
    IDENTITY_ALTERED = "IDENTITY_ALTERED"
    FILE_MISSING = "FILE_MISSING"
    FILE_ALTERED = "FILE_ALTERED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement, as a Chinese sentence without identity data. `table` is empty for the chain and for files."""

    kind: FindingKind
    sentence: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it. `entries` is the number of entries read, `head` the last one."""

    entries: int
    head: Head
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Nothing disagrees."""
        return not self.findings

    @property
    def summary(self) -> str:
        """One sentence for the screen and the terminal."""
        if self.ok:
            return f"共 {self.entries} 条操作记录，与库中各表逐行核对无误。"
        return f"发现 {len(self.findings)} 处不符。请先停止录入、保留现场，再与最近一次备份和纸上的校验头核对。"


def audit_head() -> Head:
    """The last entry; sequence 0 and sixty-four zeros while there is none."""
    with reading() as session:
        row = session.execute(
            sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
        ).first()
    return Head.none() if row is None else Head(row[0], row[1])


def verify(head: Head | None = None, files: bool = True, on: sa.Connection | None = None) -> Verification:
    """Recompute the chain and every digest, in one snapshot. Who: auditors, and the terminal; the door asks.

    `head` is one that left the house: finds a cut tail and a rewritten chain. `files` also compares payment batches and
    evidence with their hashes. `on`: a database that is not open to everybody yet, as it is being restored.
    """
    findings = _Findings()
    with _snapshot() if on is None else nullcontext(on) as connection:
        chain = _Chain(findings, head)
        for key, entry in readable_rows(connection, metadata.tables[AuditEntry.__tablename__]):
            chain.take(key, entry)
        chain.end()
        for table in recorded_tables():
            for kind, sentence in check_table(connection, table, chain.rows.of(table.name)):
                findings.add(FindingKind(kind), sentence, table.name)
        if files:
            for kind, sentence in missing_or_altered_files(connection):
                findings.add(FindingKind(kind), sentence)
    return Verification(chain.entries, chain.last, findings.listed())


def recorded_tables() -> list[sa.Table]:
    """The tables whose rows the chain covers, in the order in which they refer to each other."""
    return [table for table in metadata.sorted_tables if table.name not in OUTSIDE_THE_RECORD]


@contextmanager
def _snapshot() -> Iterator[sa.Connection]:
    """One read transaction that sees one moment: SQLite's always does, PostgreSQL's when asked."""
    if Database.engine is None:
        raise RuntimeError("no database is open")
    engine = Database.engine
    if not Database.is_sqlite():
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        yield connection


@dataclass(slots=True)
class _Findings:
    """Collects findings; a mass of equal ones becomes one sentence with a count."""

    found: list[Finding] = field(default_factory=list)
    counts: dict[tuple[FindingKind, str], int] = field(default_factory=dict)

    def add(self, kind: FindingKind, sentence: str, table: str = "") -> None:
        """One more."""
        count = self.counts[kind, table] = self.counts.get((kind, table), 0) + 1
        if count <= EACH_KIND_SHOWN:
            self.found.append(Finding(kind, sentence, table))

    def listed(self) -> tuple[Finding, ...]:
        """In the order found, each mass closed by what was left out."""
        left_out = [
            Finding(kind, f"同样的情形另有 {count - EACH_KIND_SHOWN} 处，没有逐一列出。", table)
            for (kind, table), count in self.counts.items()
            if count > EACH_KIND_SHOWN
        ]
        return (*self.found, *left_out)


@dataclass(slots=True)
class _Chain:
    """The entries, taken one after the other; remembers what each said of which row."""

    findings: _Findings
    asked: Head | None
    last: Head = field(default_factory=Head.none)
    entries: int = 0
    rows: RowsOnRecord = field(default_factory=RowsOnRecord)
    found_head: bool = False

    def take(self, key: str, entry: Mapping[str, Any] | None) -> None:
        """The next entry in order of sequence; None where its columns cannot even be read."""
        seq = int(key)
        self._linked(seq, None if entry is None else str(entry["prev_hash"]))
        if entry is None or not _agrees_with_itself(entry):
            self.findings.add(FindingKind.ENTRY_ALTERED, f"第 {seq} 条操作记录与它自己的散列值不符，被改动过。")
        if entry is not None:
            self._compare_with_head(seq, str(entry["hash"]))
            self.rows.note(seq, entry["writes"])
        self.entries += 1
        self.last = Head(seq, "" if entry is None else str(entry["hash"]))

    def end(self) -> None:
        """After the last entry: was it the last?"""
        if self.asked is None or self.asked.seq == 0 or self.found_head:
            return
        self.findings.add(
            FindingKind.TAIL_CUT,
            f"记录只到第 {self.last.seq} 条，您提供的校验头在第 {self.asked.seq} 条："
            "之后的记录被删去，或者这个校验头不属于本库。",
        )

    def _linked(self, seq: int, prev_hash: str | None) -> None:
        first_missing = self.last.seq + 1
        if seq > first_missing:
            which = f"第 {first_missing} 条" if seq - 1 == first_missing else f"第 {first_missing} 条至第 {seq - 1} 条"
            self.findings.add(FindingKind.ENTRIES_MISSING, f"{which}操作记录缺失，被删除过。")
        elif self.last.hash and prev_hash is not None and prev_hash != self.last.hash:
            self.findings.add(
                FindingKind.CHAIN_BROKEN, f"第 {seq} 条操作记录与前一条接不上，这里的记录被改动、删除或替换过。"
            )

    def _compare_with_head(self, seq: int, stored: str) -> None:
        if self.asked is None or self.asked.seq != seq:
            return
        self.found_head = True
        if stored != self.asked.hash:
            self.findings.add(
                FindingKind.REWRITTEN,
                f"第 {seq} 条的散列值与您提供的不同：记录被整条改写过，或者这个校验头不属于本库。",
            )


def _agrees_with_itself(entry: Mapping[str, Any]) -> bool:
    return AuditEntry(**entry).computed_hash() == str(entry["hash"])


def _is_hex(text: str) -> bool:
    return all(c in "0123456789abcdefABCDEF" for c in text)

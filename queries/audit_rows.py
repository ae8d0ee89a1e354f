"""Every row of one table against what the chain last said of it: altered, removed, smuggled in."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa

from models.audit import late_columns, row_digest, row_key
from models.identity import IDENTITY_FIELDS, Identity, fields_hash

AT_ONCE = 2_000
"""Rows held in memory while a table is read."""
UNREADABLE = (ValueError, LookupError, TypeError)
"""What the column types raise at a value no action could have written."""

KeyedRow = tuple[str, Mapping[str, Any] | None]
"""A primary key as text, and the row; None where it cannot be read."""
Disagreement = tuple[str, str]
"""A kind (value of `queries.audit.FindingKind`) and a Chinese sentence."""

TABLE_LABELS = {
    "activity": "宣传和会议",
    "batch": "成批登记",
    "calendar_day": "工作日历",
    "campaign": "专项治理",
    "campaign_event": "专项治理变更",
    "carry_over": "结转",
    "check_line": "一户一表逐项核查",
    "common_member": "共性问题所列问题",
    "common_problem": "共性问题",
    "contest": "申辩",
    "contest_answer": "申辩答复",
    "covert_visit": "暗访",
    "delegation": "代理授权",
    "discarded_draft": "作废草稿",
    "escalation_setting": "督办步骤设置",
    "evidence": "佐证材料",
    "extension_answer": "延期审批",
    "extension_request": "延期申请",
    "household": "农户",
    "household_check": "一户一表",
    "household_check_event": "一户一表经过",
    "household_member": "家庭成员",
    "identity": "身份信息",
    "issue": "问题",
    "issue_event": "问题经过",
    "issue_link": "问题关联",
    "issue_measure": "整改措施",
    "issue_money": "资金登记",
    "issue_person": "问题涉及人员",
    "issue_place": "问题地点",
    "issue_review": "阶段复核",
    "issue_round": "整改轮次",
    "light_setting": "时限提醒设置",
    "listing": "挂牌督办",
    "look_back": "回头看",
    "look_back_check": "回头看核查",
    "look_back_draw": "回头看抽查",
    "look_back_drawn": "回头看抽中问题",
    "look_back_frame": "回头看抽查框",
    "membership": "授权",
    "outcome": "问责",
    "payment_import": "发放登记导入",
    "person": "工作人员",
    "questionnaire": "调查问卷",
    "referral": "移送",
    "referral_answer": "移送回复",
    "referral_paper": "移送材料",
    "region": "区划",
    "region_event": "区划变更",
    "reporting_unit": "填报单位",
    "reporting_unit_region": "填报单位所辖",
    "response": "问卷答卷",
    "review_plan": "复核安排",
    "roster_import": "名册导入",
    "sample": "抽样",
    "sample_frame": "抽样框",
    "sampled_household": "抽中农户",
    "sampled_village": "抽中村",
    "sampling_rule": "抽样规则",
    "self_check_return": "自查表",
    "stage": "时间表",
    "subsidy_item": "补贴项目",
    "task": "任务书",
    "team": "检查组",
    "team_member": "检查组成员",
    "team_region": "检查组范围",
    "trip": "出勤",
    "trip_member": "出勤人员",
    "unit": "单位",
    "unit_event": "单位变更",
    "user": "账号",
}


@dataclass(slots=True)
class RowSet:
    """Rows sealed together: `count` rows in id order where `column` = `value`, after those of earlier such sets."""

    seq: int
    column: str
    value: int
    count: int
    digest: str
    seen: int = 0
    running: Any = field(default_factory=hashlib.sha256)


@dataclass(slots=True)
class TableOnRecord:
    """What the chain last said of each row of a table: key → (sequence, digest), digest None once the row is gone."""

    rows: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    sets: dict[str, dict[int, list[RowSet]]] = field(default_factory=dict)
    sealed_again: dict[str, dict[int, RowSet]] = field(default_factory=dict)
    """Sets whose late columns were all filled at once: as they stand from then on, for good."""


@dataclass(slots=True)
class RowsOnRecord:
    """The same for all tables. Memory: one digest for each row that was recorded by itself."""

    tables: dict[str, TableOnRecord] = field(default_factory=dict)

    def of(self, table: str) -> TableOnRecord:
        """What is on record of a table."""
        return self.tables.setdefault(table, TableOnRecord())

    def note(self, seq: int, writes: Any) -> None:
        """Take in what one entry says it wrote; what no action can have written is passed over."""
        for write in writes if isinstance(writes, list) else ():
            match write:
                case ["row", str(table), str(key), str(digest)]:
                    self.of(table).rows[key] = (seq, digest)
                case ["gone", str(table), str(key)]:
                    self.of(table).rows[key] = (seq, None)
                case ["set", str(table), str(column), int(value), int(count), str(digest)]:
                    group = self.of(table).sets.setdefault(column, {}).setdefault(value, [])
                    group.append(RowSet(seq, column, value, count, digest))
                case ["again", str(table), str(column), int(value), int(count), str(digest)]:
                    again = self.of(table).sealed_again.setdefault(column, {})
                    again[value] = RowSet(seq, column, value, count, digest)


def readable_rows(connection: sa.Connection, table: sa.Table) -> Iterator[KeyedRow]:
    """All rows in order of the primary key, with their keys; None for a row whose values no action can have written."""
    order = list(table.primary_key.columns)
    after: tuple[Any, ...] | None = None
    try:
        streamed = connection.execute(sa.select(table).order_by(*order), execution_options={"yield_per": AT_ONCE})
        for found in streamed.mappings():
            row = cast(Mapping[str, Any], found)
            after = tuple(row[c.name] for c in order)
            yield row_key(table, row), row
    except UNREADABLE:
        yield from _one_by_one(connection, table, after)


def _one_by_one(connection: sa.Connection, table: sa.Table, after: tuple[Any, ...] | None) -> Iterator[KeyedRow]:
    """The slow way past a row that cannot be read."""
    order = list(table.primary_key.columns)
    keys = sa.select(*order).order_by(*order)
    if after is not None:
        keys = keys.where(sa.tuple_(*order) > sa.tuple_(*after))
    for key in connection.execute(keys).mappings().all():
        where = [column == key[column.name] for column in order]
        row: Mapping[str, Any] | None = None
        with suppress(*UNREADABLE):
            row = cast(Mapping[str, Any], connection.execute(sa.select(table).where(*where)).mappings().one())
        yield row_key(table, cast(Mapping[str, Any], key)), row


def check_table(connection: sa.Connection, table: sa.Table, record: TableOnRecord) -> Iterator[Disagreement]:
    """Every disagreement of one table with the record."""
    late = late_columns(table)
    for key, row in readable_rows(connection, table):
        recorded = record.rows.pop(key, None)
        if row is None:
            yield "ROW_ALTERED", f"{_row(table, key)}的内容读不出来，不是本系统写入的，被改动过。"
            continue
        in_set = _take_into_set(table, row, record)
        again = _sealed_again(row, record, recorded)
        if again is not None:
            again.running.update(row_digest(table, row).encode())
            again.seen += 1
            continue
        yield from _row_disagreement(table, key, row, recorded, in_set, late)
        if table.name == Identity.__tablename__:
            yield from _identity_disagreement(table, key, row)
    yield from _set_disagreements(table, record)
    for key, (seq, digest) in record.rows.items():
        if digest is not None:
            yield "ROW_REMOVED", f"{_row(table, key)}不见了，第 {seq} 条操作记录写过它，没有删除的记录。"


def _row_disagreement(
    table: sa.Table, key: str, row: Mapping[str, Any], recorded: tuple[int, str | None] | None, in_set: bool,
    late: tuple[str, ...],
) -> Iterator[Disagreement]:  # fmt: skip
    if recorded is None:
        if not in_set:
            yield "ROW_SMUGGLED", f"{_row(table, key)}没有任何操作记录，不是从本系统写入的。"
        elif any(row[name] is not None for name in late):
            yield "ROW_ALTERED", f"{_row(table, key)}后来补填的内容没有操作记录，被改动过。"
        return
    seq, digest = recorded
    if digest is None:
        yield "ROW_SMUGGLED", f"{_row(table, key)}按第 {seq} 条操作记录已经删除，现在又在库中。"
    elif row_digest(table, row) != digest:
        yield "ROW_ALTERED", f"{_row(table, key)}与第 {seq} 条操作记录写入的内容不符，被改动过。"


def _take_into_set(table: sa.Table, row: Mapping[str, Any], record: TableOnRecord) -> bool:
    """Whether the row belongs to a set; if so it enters the set's digest."""
    for column, by_value in record.sets.items():
        for row_set in by_value.get(row[column], ()):
            if row_set.seen < row_set.count:
                row_set.running.update(row_digest(table, row, early=True).encode())
                row_set.seen += 1
                return True
    return False


def _sealed_again(
    row: Mapping[str, Any], record: TableOnRecord, recorded: tuple[int, str | None] | None
) -> RowSet | None:
    """The second seal the row lies under, unless something was done to the row by itself after it."""
    for column, by_value in record.sealed_again.items():
        again = by_value.get(row[column])
        if again is not None and (recorded is None or recorded[0] < again.seq):
            return again
    return None


def _set_disagreements(table: sa.Table, record: TableOnRecord) -> Iterator[Disagreement]:
    sets = [s for by_value in record.sets.values() for group in by_value.values() for s in group]
    for row_set in (*sets, *(s for by_value in record.sealed_again.values() for s in by_value.values())):
        where = f"第 {row_set.seq} 条操作记录成批写入的 {row_set.count} 行{_label(table)}"
        if row_set.seen < row_set.count:
            yield "SET_ALTERED", f"{where}现在只有 {row_set.seen} 行，有行被删除。"
        elif row_set.running.hexdigest() != row_set.digest:
            yield "SET_ALTERED", f"{where}与当时的散列值不符，有行被改动或替换。"


def _identity_disagreement(table: sa.Table, key: str, row: Mapping[str, Any]) -> Iterator[Disagreement]:
    """Identity data is outside the digests: its own salted hash must agree, or be erased whole."""
    values = tuple(row[name] for name in IDENTITY_FIELDS)
    if row["erased_at"] is not None:
        if any(v is not None for v in (*values, row["salt"])):
            yield "IDENTITY_ALTERED", f"{_row(table, key)}记为已清除，却又有内容。"
    elif row["salt"] is None or fields_hash(row["salt"], values) != row["fields_hash"]:
        yield "IDENTITY_ALTERED", f"{_row(table, key)}与登记时的散列值不符，被改动过。"


def _label(table: sa.Table) -> str:
    return f"“{TABLE_LABELS.get(table.name, table.name)}”"


def _row(table: sa.Table, key: str) -> str:
    """How a row is named in a sentence: the table's word and the row's number, nothing of its content."""
    return f"{_label(table)}第 {key} 号（表 {table.name}）"

"""The record proves itself: whatever is changed behind the product's back is found.

Changes are made with the sqlite3 program, or psycopg on PostgreSQL, after dropping the triggers: as somebody with the
database file in hand would.
"""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import pytest
import sqlalchemy as sa

from actions.transaction import transaction
from files.evidence import evidence_path
from files.storage import Storage
from models.audit import GENESIS, OUTSIDE_THE_RECORD, AuditEntry
from models.campaign import SubsidyItem
from models.database import Database
from models.evidence import Evidence, EvidenceKind, EvidencePurpose
from models.identity import Identity, fields_hash, new_salt
from models.payment import PaymentImport
from models.roster import Household, HouseholdMember, RosterImport
from models.schema import APPEND_ONLY, metadata
from queries.audit import Finding, FindingKind, Head, audit_head, verify
from queries.audit_rows import TABLE_LABELS
from tests.factories import World

K = FindingKind


@dataclass(frozen=True)
class Intruder:
    """Somebody with the database in hand."""

    url: str

    def run(self, *statements: str) -> None:
        """Run SQL past the product, triggers dropped first."""
        if self.url.startswith("sqlite"):
            self._sqlite(*(f"drop trigger {t}_no_{v}" for t in APPEND_ONLY for v in ("update", "delete")), *statements)
        else:
            self._postgresql(*(f"drop trigger {t}_append_only on {t}" for t in APPEND_ONLY), *statements)

    def entries(self) -> list[dict[str, object]]:
        """The chain as it lies in the database."""
        with sa.create_engine(self.url).connect() as connection:
            rows = connection.execute(sa.select(metadata.tables["audit_entry"]).order_by(AuditEntry.seq)).mappings()
            return [dict(row) for row in rows]

    def _sqlite(self, *statements: str) -> None:
        path, script = self.url.removeprefix("sqlite:///"), ";\n".join(statements) + ";\n"
        if program := shutil.which("sqlite3"):
            subprocess.run([program, "-bail", path], input=script, text=True, check=True, capture_output=True)
        else:
            with sqlite3.connect(path) as connection:
                connection.executescript(script)

    def _postgresql(self, *statements: str) -> None:
        engine = sa.create_engine(self.url)
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture
def intruder(database: str) -> Intruder:
    return Intruder(database)


@pytest.fixture
def closed(both_worlds: World) -> World:
    """A world in which one problem went all the way."""
    both_worlds.closed()
    return both_worlds


@pytest.fixture
def rostered(both_worlds: World) -> World:
    """A world into which a roster of three was taken, as sets."""
    take_roster(both_worlds)
    return both_worlds


def take_roster(world: World, count: int = 3) -> int:
    """Households, identities and members of one import, each kind sealed as one set."""
    with transaction(world.terminal()) as tx:
        roster = RosterImport(
            campaign_id=world.campaign_id, file_name="名册.xlsx", sha256="0" * 64, taken=count, unchanged=0, faulty=0,
            recorded_at=tx.now, recorded_by="terminal:tests",
        )  # fmt: skip
        tx.session.add(roster)
        tx.session.flush()
        first = {model: tx.next_id(model) for model in (Household, Identity, HouseholdMember)}
        numbers = range(first[Household], first[Household] + count)
        common = {"campaign_id": world.campaign_id, "import_id": roster.id}
        place = {
            "village_id": world.regions["甲一村"], "town_id": world.regions["示例一镇"],
            "reporting_unit_id": world.reporting_units["甲县"],
        }  # fmt: skip
        tx.insert_set(
            Household,
            [{"id": n, "code": f"421381901201/{n:06d}", "number": f"{n:04d}", **place, **common} for n in numbers],
            "import_id", roster.id,
        )  # fmt: skip
        tx.insert_set(Identity, [identity(first[Identity] + i) | common for i in range(count)], "import_id", roster.id)
        tx.insert_set(
            HouseholdMember,
            [
                {"id": first[HouseholdMember] + i, "household_id": n, "identity_id": first[Identity] + i, "position": 1,
                 "relation": "户主", "is_head": True, "pseudonym": "ABCD", **common}
                for i, n in enumerate(numbers)
            ],
            "import_id", roster.id,
        )  # fmt: skip
        tx.record("roster.import", f"roster_import:{roster.id}")
    return int(roster.id)


def identity(row_id: int) -> dict[str, object]:
    """Invented identity data with its salt and hash."""
    salt, values = new_salt(), ("张某", "000000199001010010", "6200000000000000", None, None)
    return {"id": row_id, "name": values[0], "id_number": values[1], "account_no": values[2], "salt": salt,
            "fields_hash": fields_hash(salt, values)}  # fmt: skip


def found(head: Head | None = None) -> set[tuple[FindingKind, str]]:
    """What verification finds, without files: the test world's evidence has no bytes behind it."""
    return {(f.kind, f.table) for f in verify(head, files=False).findings}


def sentences() -> str:
    return "".join(f.sentence for f in verify(files=False).findings)


# --- what is in order ---------------------------------------------------------------------------------------------


def test_the_head_of_an_empty_record_is_zero(database: str) -> None:
    assert audit_head() == Head(0, GENESIS)
    assert verify().ok and verify(audit_head()).ok


def test_a_record_nobody_touched_is_in_order(closed: World) -> None:
    result = verify(audit_head(), files=False)
    assert (result.findings, result.head, result.entries) == ((), audit_head(), audit_head().seq)
    assert result.ok and result.summary.startswith(f"共 {result.entries} 条操作记录")


def test_what_is_written_while_it_is_verified_is_no_disagreement(both_worlds: World) -> None:
    written: list[int] = []

    def meanwhile(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not written and "FROM subsidy_item" in statement:  # the chain was read, most tables were not
            written.append(0)
            written.append(both_worlds.draft())

    assert Database.engine is not None
    sa.event.listen(Database.engine, "before_cursor_execute", meanwhile)
    before = audit_head()
    result = verify(files=False)
    assert written == [0, 1]
    assert (result.findings, result.head) == ((), before)
    assert audit_head().seq == before.seq + 1


def test_an_earlier_head_still_holds_after_more_was_done(both_worlds: World) -> None:
    printed = audit_head()
    both_worlds.closed()
    assert audit_head().seq > printed.seq
    assert found(printed) == set()


def test_sets_are_in_order_and_so_are_two_sets_of_one_table(rostered: World) -> None:
    take_roster(rostered)
    assert found() == set()


def test_a_late_column_filled_through_an_action_is_in_order(rostered: World) -> None:
    with transaction(rostered.terminal()) as tx:
        old, new = tx.session.scalars(sa.select(HouseholdMember).order_by(HouseholdMember.id).limit(2))
        old.superseded_by_id = new.id
        tx.record("roster.import", "roster_import:1")
    assert found() == set()


def test_erased_identity_data_is_in_order_when_an_action_erased_it(rostered: World) -> None:
    with transaction(rostered.terminal()) as tx:
        person = tx.session.scalars(sa.select(Identity).limit(1)).one()
        person.name = person.id_number = person.account_no = person.salt = None
        person.erased_at = tx.now
        tx.record("identity.erase", f"identity:{person.id}")
    assert found() == set()


def test_a_row_an_action_deleted_is_in_order_and_its_return_is_found(closed: World, intruder: Intruder) -> None:
    with transaction(closed.terminal()) as tx:
        item = tx.session.scalars(sa.select(SubsidyItem).where(SubsidyItem.code == "S17")).one()
        kept = item.id
        tx.session.delete(item)
        tx.record("test.delete", "subsidy_item:S17")
    assert found() == set()
    intruder.run(
        "insert into subsidy_item (id, code, name, paid_to, department, frequency, publish) "
        f"values ({kept}, 'S17', '高龄津贴', 'person', '—', '每年', 'names')"
    )
    assert found() == {(K.ROW_SMUGGLED, "subsidy_item")}


# --- rows -----------------------------------------------------------------------------------------------------------


def test_an_altered_row_is_found(closed: World, intruder: Intruder) -> None:
    intruder.run("update issue set closed_on_time = not closed_on_time")
    assert found() == {(K.ROW_ALTERED, "issue")}
    assert "“问题”第 1 号（表 issue）与第" in sentences()


def test_an_altered_line_of_history_is_found(closed: World, intruder: Intruder) -> None:
    intruder.run("update issue_event set person_id = person_id + 1 where verb = 'accept'")
    assert found() == {(K.ROW_ALTERED, "issue_event")}


def test_a_removed_row_is_found(closed: World, intruder: Intruder) -> None:
    intruder.run("delete from issue_event where verb = 'approve'")
    assert found() == {(K.ROW_REMOVED, "issue_event")}
    assert "不见了" in sentences()


def test_a_row_smuggled_in_is_found(closed: World, intruder: Intruder) -> None:
    intruder.run(
        "insert into issue_money (id, issue_id, round, direction, amount_cents, moved_on, voucher, person_id, "
        "recorded_at) values (99, 1, 1, 'RECOVER', 100, '2022-07-04', '无', 1, '2022-07-04 00:00:00')"
    )
    assert found() == {(K.ROW_SMUGGLED, "issue_money")}


def test_a_role_granted_behind_the_back_is_found(closed: World, intruder: Intruder) -> None:
    intruder.run(
        "insert into membership (id, user_id, role, proposed_by, proposed_at, confirmed_by, confirmed_at) "
        "values (99, 4, 'leader', 'user:1', '2022-07-04 00:00:00', 'user:2', '2022-07-04 00:00:00')"
    )
    assert found() == {(K.ROW_SMUGGLED, "membership")}


def test_a_row_that_cannot_be_read_hides_nothing_behind_it(sqlite: str) -> None:
    World.build().closed()
    Intruder(sqlite).run(
        "update issue set found_on = 'gestern'", "update issue_event set note = 'x' where position = 3",
        "update team set name = '别的组'",
    )  # fmt: skip
    assert found() == {(K.ROW_ALTERED, "issue"), (K.ROW_ALTERED, "issue_event"), (K.ROW_ALTERED, "team")}
    assert "读不出来" in sentences()


def test_a_mass_of_altered_rows_is_counted_not_listed(sqlite: str) -> None:
    world = World.build()
    take_roster(world, 100)
    Intruder(sqlite).run("update identity set name = '李某'")
    result = verify()
    assert len(result.findings) == 21
    assert result.findings[-1] == Finding(K.IDENTITY_ALTERED, "同样的情形另有 80 处，没有逐一列出。", "identity")


# --- sets -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update household set group_name = '二组' where id = 2", (K.SET_ALTERED, "household")),
        ("delete from household_member where id = 2", (K.SET_ALTERED, "household_member")),
        ("update household_member set superseded_by_id = 3 where id = 2", (K.ROW_ALTERED, "household_member")),
        ("update identity set id_number = '000000199001010029' where id = 2", (K.IDENTITY_ALTERED, "identity")),
        ("update identity set salt = null, name = null where id = 2", (K.IDENTITY_ALTERED, "identity")),
    ],
)
def test_a_set_is_held_to_its_rows(
    rostered: World, intruder: Intruder, statement: str, expected: tuple[FindingKind, str]
) -> None:
    intruder.run(statement)
    assert found() == {expected}


def test_a_row_added_to_a_set_is_found_at_its_end_and_in_its_midst(rostered: World, intruder: Intruder) -> None:
    columns = "campaign_id, import_id, village_id, town_id, reporting_unit_id"
    more = (
        f"insert into household (id, code, number, {columns}) "
        f"select {{}}, '{{}}', '{{}}', {columns} from household where id = 3"
    )
    intruder.run(more.format(4, "421381901201/9999", "9999"))
    assert found() == {(K.ROW_SMUGGLED, "household")}
    with Database.writers() as session:
        session.execute(sa.text(more.format(0, "421381901201/9998", "9998")))
        session.commit()
    assert found() == {(K.ROW_SMUGGLED, "household"), (K.SET_ALTERED, "household")}


def test_identity_data_erased_without_an_action_is_found(rostered: World, intruder: Intruder) -> None:
    intruder.run(
        "update identity set name = null, id_number = null, account_no = null, salt = null, "
        "erased_at = '2022-07-04 00:00:00' where id = 2"
    )
    assert found() == {(K.ROW_ALTERED, "identity")}


def test_no_finding_says_a_name_or_a_number(rostered: World, intruder: Intruder) -> None:
    intruder.run("update identity set name = '王某某'", "update household set number = '777'")
    assert verify(files=False).findings
    assert not any(word in sentences() for word in ("王某某", "张某", "0000001990", "777"))


# --- the chain ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'user:2'", "action = 'issue.return'", "subject = 'issue:2'", "detail = '{}'",
        "recorded_at = '2022-07-05 00:00:00'",
    ],
)  # fmt: skip
def test_an_altered_entry_is_found(closed: World, intruder: Intruder, change: str) -> None:
    intruder.run(f"update audit_entry set {change} where action = 'issue.accept'")
    assert found() == {(K.ENTRY_ALTERED, "")}


def test_an_entry_altered_and_hashed_again_breaks_the_link_of_the_next(closed: World, intruder: Intruder) -> None:
    second = intruder.entries()[1]
    second["actor"] = "user:2"
    intruder.run(
        f"update audit_entry set actor = 'user:2', hash = '{AuditEntry(**second).computed_hash()}' where seq = 2"
    )
    assert found() == {(K.CHAIN_BROKEN, "")}


def test_an_entry_whose_writes_no_action_wrote_is_found_without_falling_over_it(
    closed: World, intruder: Intruder
) -> None:
    intruder.run("update audit_entry set writes = '[7, [\"row\"], {}]' where action = 'issue.approve'")
    assert (K.ENTRY_ALTERED, "") in found()
    with Database.writers() as session:
        session.execute(sa.text("update audit_entry set writes = 'no json' where action = 'issue.approve'"))
        session.commit()
    assert (K.ENTRY_ALTERED, "") in found()


def test_an_entry_taken_out_of_the_middle_is_found(closed: World, intruder: Intruder) -> None:
    intruder.run("delete from audit_entry where seq in (3, 4)")
    assert (K.ENTRIES_MISSING, "") in found()
    assert "第 3 条至第 4 条操作记录缺失" in sentences()


def test_a_cut_tail_is_found_by_a_head_that_left_the_house(both_worlds: World, intruder: Intruder) -> None:
    both_worlds.registered()
    before, rows = audit_head(), intruder.entries()
    both_worlds.draft()
    printed = audit_head()
    intruder.run(
        "delete from issue_event where issue_id = 2", "delete from issue where id = 2",
        f"delete from audit_entry where seq > {before.seq}",
    )  # fmt: skip
    assert intruder.entries() == rows
    assert found() == set(), "the shortened record agrees with itself"
    assert found(before) == set()
    assert found(printed) == {(K.TAIL_CUT, "")}


def test_a_record_rewritten_from_end_to_end_is_found_by_a_head_that_left_the_house(
    closed: World, intruder: Intruder
) -> None:
    printed = audit_head()
    intruder.run(*rewritten(intruder.entries(), lambda entry: entry | {"actor": "user:1"}))
    assert audit_head().seq == printed.seq
    assert found() == set(), "the rewritten record agrees with itself"
    assert found(printed) == {(K.REWRITTEN, "")}


def rewritten(entries: list[dict[str, object]], change: Callable[[dict[str, object]], dict[str, object]]) -> list[str]:
    """Statements that change each entry and make the chain consistent again."""
    statements, prev = [], GENESIS
    for old in entries:
        entry = change(old) | {"prev_hash": prev}
        entry["hash"] = prev = AuditEntry(**entry).computed_hash()
        statements.append(
            f"update audit_entry set actor = '{entry['actor']}', prev_hash = '{entry['prev_hash']}', "
            f"hash = '{entry['hash']}' where seq = {entry['seq']}"
        )
    return statements


def test_a_head_is_read_as_it_was_printed() -> None:
    head = Head(12, sha256(b"x").hexdigest())
    assert Head.parse(f"  {str(head).upper()} \n") == head
    for text in ("", "12", f"x {head.hash}", "12 abc", f"12 {'g' * 64}", f"-1 {head.hash}"):
        with pytest.raises(ValueError, match="校验头应为"):
            Head.parse(text)


# --- files ----------------------------------------------------------------------------------------------------------


def test_batches_and_evidence_are_compared_with_their_hashes(both_worlds: World) -> None:
    slip, batch = b"slip", b"batch"
    with transaction(both_worlds.terminal()) as tx:
        tx.session.add(
            PaymentImport(
                campaign_id=both_worlds.campaign_id, file_name="发放.csv", sha256="0" * 64, batch_file="1.parquet",
                batch_sha256=sha256(batch).hexdigest(), row_count=1, faulty=0, total_cents=1, control_total_cents=1,
                recorded_at=tx.now, recorded_by="terminal:tests",
            )
        )  # fmt: skip
        tx.record("payment.import", "payment_import:1")
    issue_id = both_worlds.draft()
    with transaction(both_worlds.caller("inspector")) as tx:
        tx.session.add(
            Evidence(
                issue_id=issue_id, kind=EvidenceKind.PHOTO, purpose=EvidencePurpose.FINDING, size=4, caption="照片",
                sha256=sha256(slip).hexdigest(), media_type="image/png", person_id=tx.person_id, recorded_at=tx.now,
            )
        )  # fmt: skip
        tx.record("evidence.add", f"issue:{issue_id}")
    assert [f.kind for f in verify().findings] == [K.FILE_MISSING, K.FILE_MISSING]
    batch_file, slip_file = Storage.payments() / "1.parquet", evidence_path(sha256(slip).hexdigest())
    slip_file.parent.mkdir(exist_ok=True)
    batch_file.write_bytes(batch)
    slip_file.write_bytes(slip)
    assert verify().ok
    batch_file.write_bytes(batch + b"!")
    slip_file.write_bytes(slip + b"!")
    assert [f.kind for f in verify().findings] == [K.FILE_ALTERED, K.FILE_ALTERED]
    assert verify(files=False).ok


# --- the triggers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_database_itself_refuses_to_change_history(database: str, table: str) -> None:
    if Database.is_sqlite():
        some_row(database, metadata.tables[table])
    key = next(iter(metadata.tables[table].primary_key)).name
    for statement in (f"update {table} set {key} = {key}", f"delete from {table}"):
        with Database.writers() as session, pytest.raises(sa.exc.DBAPIError, match=f"{table} is append-only"):
            session.execute(sa.text(statement))


def some_row(url: str, table: sa.Table) -> None:
    """A row of no sense: SQLite's triggers speak up for a row, PostgreSQL's for the statement."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("pragma ignore_check_constraints = on")
        columns = ", ".join(c.name for c in table.columns)
        connection.execute(f"insert into {table.name} ({columns}) values ({', '.join('1' for _ in table.columns)})")


def test_every_table_on_record_has_a_word_for_sentences() -> None:
    assert set(metadata.tables) - set(OUTSIDE_THE_RECORD) == set(TABLE_LABELS)


def test_writes_of_the_chain_hold_no_identity_data(rostered: World) -> None:
    with Database.readers() as session:
        texts = [json.dumps(e.writes) + json.dumps(e.detail) for e in session.scalars(sa.select(AuditEntry))]
    assert not any("000000199001" in text or "6200000000" in text for text in texts)

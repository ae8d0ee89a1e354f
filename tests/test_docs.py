"""The tables in docs/ say what the code says, exactly. A failing test prints the block to put in."""

import ast
import re
from pathlib import Path

import pytest

from models.issue import ASKING_VERBS, BY_VERB, TRANSITIONS, Transition
from models.issue_word import IssueStatus
from models.role import Permission, Role, may, roles_that_may
from queries.signin import SESSION_COOKIE

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
ORIGINS = (IssueStatus.RECTIFYING, IssueStatus.REGISTERED)
"""Where a request comes from and a return leads to: the unit's request, or what was put right on the spot."""
PENDING = {True: "有待定的查否意见", False: "无待定的查否意见", None: "—"}


def block(page: str, heading: str) -> str:
    """What stands under a heading of a page, down to the next one: tables and diagrams only."""
    text = (DOCS / page).read_text(encoding="utf-8")
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert section, f"docs/{page} has no section {heading}"
    kept, fenced = [], False
    for line in section[1].splitlines():
        fenced ^= line.startswith("```")
        if fenced or line.startswith(("|", "```")):
            kept.append(line)
    return "\n".join(kept)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def roles_table() -> str:
    """Permission × role."""
    head = ["permission", "", *(f"{role.label} `{role.value}`" for role in Role)]
    rows = [[f"`{p.value}`", p.label, *("√" if may(role, p) else "" for role in Role)] for p in Permission]
    return table(head, rows)


def statuses_table() -> str:
    """The statuses with their words."""
    rows = [[f"`{s.value}`", f"{s.symbol} {s.label}", s.meaning] for s in IssueStatus]
    return table(["status", "", "meaning"], rows)


def transitions_table() -> str:
    """The one table of transitions."""
    head = ["verb", "", "from", "to", "roles", "who of them", "must bring", "proposed dismissal"]
    return table(head, [_row(t) for t in TRANSITIONS])


def _row(t: Transition) -> list[str]:
    roles = "、".join(role.label for role in roles_that_may(t.verb.permission))
    return [f"`{t.verb.value}`", t.verb.label, "、".join(s.label for s in t.sources), _target(t), roles,
            t.relation.label, t.brings, PENDING[t.dismissal]]  # fmt: skip


def _target(t: Transition) -> str:
    if t.returns:
        return "申请时的状态"
    return t.target.label if t.target else "不变"


def diagram() -> str:
    """The statuses a problem moves between; verbs that leave it where it stands are in the table only."""
    ways = [
        (source, target, t.verb.label)
        for t in TRANSITIONS
        for source in t.sources
        for target in (ORIGINS if t.returns else (t.target,))
    ]
    edges = [f"    {source.value} --> {target.value}: {label}" for source, target, label in ways if target]
    states = [f"    {s.value}: {s.symbol} {s.label}" for s in IssueStatus]
    return "\n".join(
        ["```mermaid", "stateDiagram-v2", *states, "    [*] --> DRAFT", *edges, "    CLOSED --> [*]", "```"]
    )


@pytest.mark.parametrize(
    ("page", "heading", "expected"),
    [
        ("roles.md", "Who may do what", roles_table()),
        ("transitions.md", "Statuses", statuses_table()),
        ("transitions.md", "Transitions", transitions_table()),
        ("transitions.md", "The way of a problem", diagram()),
    ],
    ids=["roles", "statuses", "transitions", "diagram"],
)
def test_a_table_in_the_docs_is_the_table_in_the_code(page: str, heading: str, expected: str) -> None:
    written = block(page, heading)
    assert written == expected, f"docs/{page}, {heading}, should be:\n\n{expected}\n"


def test_a_return_leads_to_where_a_request_may_have_come_from() -> None:
    assert set(ORIGINS) == {source for verb in ASKING_VERBS for source in BY_VERB[verb].sources}


def test_every_setting_stands_in_the_operators_page() -> None:
    read = {
        node.args[0].value
        for node in ast.walk(ast.parse((ROOT / "settings.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "os.environ.get"
        and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    written = re.findall(r"^\| `([A-Z_]+)` \|", (DOCS / "operations.md").read_text(encoding="utf-8"), re.M)
    assert sorted(written) == sorted(read)


def test_operations_name_the_cookie_that_keeps_a_session_with_its_process() -> None:
    assert f"hash $cookie_{SESSION_COOKIE} consistent;" in (DOCS / "operations.md").read_text(encoding="utf-8")


def test_each_decision_has_a_number_of_its_own() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(p.name[:4]) for p in pages] == list(range(1, len(pages) + 1))
    assert all(p.read_text(encoding="utf-8").startswith(f"# {int(p.name[:4])}. ") for p in pages)

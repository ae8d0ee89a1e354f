"""Plain HTTP: without a session, with somebody else's thing, and what every answer carries."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp

from actions.issue_print import print_to_fetch
from actions.ledger_export import export_to_fetch
from files.export_level import ExportLevel
from files.issue_sheet import sheet_policy
from pages.frame.menu import addresses
from queries.ledger import LedgerFilter
from queries.signin import SESSION_COOKIE
from routes.gate import OPEN, Gate
from routes.headers import HEADERS, SecurityHeaders
from routes.table import ROUTES
from tests.access.scene import FAR, HOLDERS, Scene
from tests.access.test_pages import minted
from tests.event_loop import awaited

PATHS = {"/signin": "/signin", "/setup": "/setup", "/healthz": "/healthz",
         "/evidence/{evidence_id:int}": "/evidence/1", "/download/{token}": f"/download/{'a' * 32}",
         "/paper/{token}": f"/paper/{'a' * 32}"}  # fmt: skip
"""Each route and an address of it."""
SEE_THE_PROBLEM = {"inspector", "unit", "office", "leader", "auditor"}


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Client:
    """Asks an application as a browser with one cookie would, without a network."""

    app: ASGIApp
    token: str = ""

    def get(self, path: str) -> Answer:
        return awaited(self._get(path))

    async def _get(self, path: str) -> Answer:
        cookie = [(b"cookie", f"{SESSION_COOKIE}={self.token}".encode())] if self.token else []
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": unquote(path),
            "raw_path": path.encode(), "query_string": b"", "headers": [(b"host", b"127.0.0.1:8501"), *cookie],
            "client": ("192.0.2.7", 5000), "server": ("127.0.0.1", 8501), "state": {},
        }  # fmt: skip
        answer = Answer()

        asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> dict[str, Any]:
            return next(asked, None) or await asyncio.Event().wait()  # type: ignore[return-value]

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}

        await self.app(scope, receive, send)
        return answer


@pytest.fixture
def client(scene: Scene) -> Client:
    """Our own routes behind the gate, as app.py puts them, without the pages."""
    middleware = [Middleware(SecurityHeaders), Middleware(Gate, pages=addresses())]
    return Client(Starlette(routes=ROUTES, middleware=middleware))


def as_(scene: Scene, client: Client, name: str) -> Client:
    return Client(client.app, minted(scene, name))


def test_every_route_is_tried() -> None:
    assert [route.path for route in ROUTES if isinstance(route, Route)] == list(PATHS)
    assert len(ROUTES) == len(PATHS)


@pytest.mark.parametrize("path", [*PATHS.values(), *sorted(addresses()), "/media/x", "/_stcore/upload_file/a/b"])
def test_without_a_session_nothing_but_the_door_is_open(client: Client, path: str) -> None:
    answer = client.get(path)
    if path == "/setup":  # there are users: it leads to the door
        assert (answer.status, answer.headers["location"]) == (303, "/signin")
    elif path in OPEN:
        assert answer.status == 200
    elif path in addresses():
        assert (answer.status, answer.headers["location"][:7]) == (303, "/signin")
    else:
        assert answer.status == 401


@pytest.mark.parametrize("path", ["/signin", "/healthz", "/evidence/1", "/ledger"])
def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    carried = client.get(path).headers
    assert [name for name in HEADERS if name.lower() not in carried] == []


def test_evidence_opens_for_those_who_see_its_problem_only(scene: Scene, client: Client) -> None:
    address = f"/evidence/{scene.args['evidence_id']}"
    people = [*(name for name in HOLDERS if name != "terminal"), *FAR, "other_unit", "villager"]
    opened = {name for name in people if as_(scene, client, name).get(address).status != 404}
    assert opened == SEE_THE_PROBLEM


def test_a_file_made_for_one_person_is_nobody_elses(scene: Scene, client: Client) -> None:
    token = export_to_fetch(scene.caller("office"), scene.world.campaign_id, LedgerFilter(), ExportLevel.UNIT)
    for name in ("leader", "office2", "far_office", "admin"):
        assert as_(scene, client, name).get(f"/download/{token}").status == 404


@pytest.mark.parametrize(
    "path", [f"/download/{'../' * 3}etc/passwd", "/evidence/../secret.key", "/download/%2e%2e%2fx"]
)
def test_no_address_leads_out_of_the_folders(scene: Scene, client: Client, path: str) -> None:
    assert as_(scene, client, "office").get(path).status in (404, 400)


def test_a_printed_page_is_nobody_elses_and_lets_nothing_run_but_its_button(scene: Scene, client: Client) -> None:
    token = print_to_fetch(scene.caller("office"), scene.args["issue_id"])
    shown = as_(scene, client, "office").get(f"/paper/{token}")
    assert (shown.status, shown.headers["content-security-policy"]) == (200, sheet_policy())
    for name in ("leader", "office2", "far_office", "admin"):
        assert as_(scene, client, name).get(f"/paper/{token}").status == 404


def test_a_file_that_is_no_printed_page_is_not_shown_as_one(scene: Scene, client: Client) -> None:
    token = export_to_fetch(scene.caller("office"), scene.world.campaign_id, LedgerFilter(), ExportLevel.UNIT)
    assert as_(scene, client, "office").get(f"/paper/{token}").status == 404

"""`/setup`: on the server itself, while there is nobody, from our own form."""

from starlette.requests import Request
from starlette.responses import Response

from actions.first_admin import setup_code
from queries.signin import has_users
from routes.form_token import NONCE_COOKIE, sealed
from routes.setup import setup
from tests.event_loop import awaited
from tests.factories import World

NONCE = "0" * 32


def answer(method: str = "GET", client: str = "127.0.0.1", body: str = "", **headers: str) -> Response:
    """What the route says to a request of a browser at that address."""
    sent = {"host": "127.0.0.1:8501", "content-type": "application/x-www-form-urlencoded", **headers}
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    scope = {"type": "http", "method": method, "path": "/setup", "query_string": b"", "headers": raw, "scheme": "http",
             "client": (client, 5000), "server": ("127.0.0.1", 8501)}  # fmt: skip

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    return awaited(setup(Request(scope, receive)))


def form(code: str | None) -> str:
    password = "invented-2022-for-tests"
    return f"token={sealed(NONCE)}&code={code}&username=sun&person=S&password={password}&again={password}"


def test_the_form_is_given_on_the_server_itself_only(sqlite: str) -> None:
    code = setup_code()
    assert answer().status_code == 200
    assert answer(client="192.0.2.7").status_code == 403
    assert answer(**{"x-forwarded-for": "127.0.0.1"}).status_code == 403
    posted = answer("POST", "192.0.2.7", form(code), origin="http://127.0.0.1:8501", cookie=f"{NONCE_COOKIE}={NONCE}")
    assert (posted.status_code, has_users()) == (403, False)


def test_with_a_user_it_leads_to_signing_in(world: World) -> None:
    assert (answer().status_code, answer().headers["location"]) == (303, "/signin")


def test_a_form_that_is_not_ours_makes_nobody(sqlite: str) -> None:
    code = setup_code()
    foreign = answer("POST", body=form(code), origin="http://evil.example", cookie=f"{NONCE_COOKIE}={NONCE}")
    without = answer("POST", body=form(code), origin="http://127.0.0.1:8501")
    assert (foreign.status_code, without.status_code, has_users()) == (403, 403, False)


def test_our_form_with_the_code_makes_the_first_administrator_and_signs_in(sqlite: str) -> None:
    ours = {"origin": "http://127.0.0.1:8501", "cookie": f"{NONCE_COOKIE}={NONCE}"}
    made = answer("POST", body=form(setup_code()), **ours)
    assert (made.status_code, made.headers["location"], has_users()) == (303, "/guide", True)
    assert "httponly" in made.headers["set-cookie"].lower()

"""Addresses: where signing in may lead, and what is believed of a request."""

import pytest
from starlette.requests import Request

from routes.address import is_behind_tls, is_from_this_machine, is_same_origin, local_path


def request(client: str = "127.0.0.1", scheme: str = "http", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/signin", "query_string": b"", "headers": raw,
                    "scheme": scheme, "client": (client, 5000), "server": ("127.0.0.1", 8501)})  # fmt: skip


@pytest.mark.parametrize(
    "wanted",
    [
        "", None, "ledger", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/a\nb", "/\tb",
        "https://evil.example", "javascript:alert(1)", "/signin", "/signin?next=/signin", "/_stcore/stream",
    ],
)  # fmt: skip
def test_signing_in_leads_to_the_first_page_when_the_wish_is_not_a_path_of_ours(wanted: str | None) -> None:
    assert local_path(wanted) == "/"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("/ledger?status=a&page=2", "/ledger?status=a&page=2"), ("/ledger?q=低保", "/ledger?q=%E4%BD%8E%E4%BF%9D"),
     ("/issue?id=7#facts", "/issue?id=7#facts"), ("/ledger?q=%E4%BD%8E", "/ledger?q=%E4%BD%8E")],
)  # fmt: skip
def test_a_path_of_ours_is_kept_with_its_filters(wanted: str, found: str) -> None:
    assert local_path(wanted) == found


@pytest.mark.parametrize(
    ("origin", "believed"),
    [("http://app.example:8501", True), ("https://app.example:8501", True), ("http://app.example", False),
     ("http://evil.example:8501", False), ("null", False), ("", False)],
)  # fmt: skip
def test_a_form_comes_from_our_own_page_or_is_refused(origin: str, believed: bool) -> None:
    assert is_same_origin(request(host="app.example:8501", origin=origin)) is believed


def test_a_browser_that_says_nothing_is_not_believed() -> None:
    assert not is_same_origin(request(host="app.example"))
    assert is_same_origin(request(host="app.example", referer="http://app.example/signin"))


@pytest.mark.parametrize(
    ("client", "headers", "here"),
    [
        ("127.0.0.1", {"host": "127.0.0.1:8501"}, True),
        ("::1", {"host": "[::1]:8501"}, True),
        ("127.0.0.1", {"host": "localhost:8501"}, True),
        ("192.0.2.7", {"host": "127.0.0.1:8501"}, False),
        ("127.0.0.1", {"host": "xiaohaotai.example"}, False),
        ("127.0.0.1", {"host": "localhost", "x_forwarded_for": "192.0.2.7"}, False),
        ("127.0.0.1", {"host": "localhost", "x_real_ip": "127.0.0.1"}, False),
    ],
)
def test_only_a_browser_on_the_server_itself_counts_as_here(client: str, headers: dict[str, str], here: bool) -> None:
    assert is_from_this_machine(request(client, **headers)) is here


def test_tls_in_front_counts() -> None:
    assert is_behind_tls(request(host="a", x_forwarded_proto="https"))
    assert is_behind_tls(request(host="a", scheme="https"))
    assert not is_behind_tls(request(host="a", x_forwarded_proto="http"))

"""What may be read from a request's address, and what may not be believed."""

import ipaddress
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection, Request

FORWARDED = ("x-forwarded-for", "x-real-ip", "forwarded")
HOME = "/"


def is_same_origin(request: Request) -> bool:
    """Whether a form was sent from one of our own pages. A browser says so itself; who says nothing is not believed."""
    origin = request.headers.get("origin") or request.headers.get("referer", "")
    return bool(origin) and urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def is_from_this_machine(connection: HTTPConnection) -> bool:
    """Whether the browser runs on the server itself. What came through a proxy never counts as such."""
    if any(header in connection.headers for header in FORWARDED):
        return False
    return _is_loopback(client_address(connection)) and _is_loopback(connection.url.hostname or "")


def is_behind_tls(connection: HTTPConnection) -> bool:
    """Whether the browser speaks HTTPS, to us or to a proxy in front."""
    proto = connection.headers.get("x-forwarded-proto", "").split(",")[0].strip()
    return connection.url.scheme in ("https", "wss") or proto == "https"


def client_address(connection: HTTPConnection) -> str:
    """The network address of the browser, or of the last proxy that is not trusted."""
    return connection.client.host if connection.client else ""


def local_path(wanted: str | None) -> str:
    """Where to go after signing in: a path of our own, else the first page. Never another host, never sign-in again."""
    if (
        not wanted
        or not wanted.startswith("/")
        or wanted.startswith("//")
        or "\\" in wanted
        or not wanted.isprintable()
    ):
        return HOME
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path == "/signin" or parts.path.startswith("/_stcore"):
        return HOME
    return quote(wanted, safe="/?&=%#:,+@~!*'();-._")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

"""A form that is ours: a nonce in a cookie of the form's own path, and its seal hidden in the form."""

import hashlib
import hmac
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

from files.storage import Storage
from routes.address import is_behind_tls

NONCE_COOKIE = "xiaohaotai_signin"


def nonce_of(request: Request) -> str:
    """The nonce this browser holds, or a new one."""
    nonce = request.cookies.get(NONCE_COOKIE, "")
    return nonce if re.fullmatch(r"[0-9a-f]{32}", nonce) else secrets.token_hex(16)


def sealed(nonce: str) -> str:
    """What stands hidden in the form."""
    return hmac.new(Storage.secret, f"signin:{nonce}".encode(), hashlib.sha256).hexdigest()


def keep(response: Response, request: Request, nonce: str, path: str) -> None:
    """Put the nonce into the browser, for the form's own path only."""
    response.set_cookie(NONCE_COOKIE, nonce, path=path, httponly=True, samesite="strict", secure=is_behind_tls(request))


def is_ours(request: Request, token: str) -> bool:
    """Whether a form that was sent is one we gave to this browser."""
    nonce = request.cookies.get(NONCE_COOKIE, "")
    return bool(nonce) and hmac.compare_digest(sealed(nonce), token)

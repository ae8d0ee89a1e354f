"""`/evidence/7`: one file to whoever may see its problem or household form, asked anew each time."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from files.evidence import PDF, evidence_path, thumbnail
from models.refusal import NotFoundOrNotYours
from queries.evidence import StoredEvidence, stored_evidence
from routes.plain_page import sentence_page
from routes.who import viewer

LARGEST_EDGE = 2_000


def evidence(request: Request) -> Response:
    """The file as it was given; with `?size=480` a small picture of it. A plain function: runs in a worker thread."""
    person = viewer(request)
    if person is None:
        return PlainTextResponse("请先登录。", 401, {"Cache-Control": "no-store"})
    try:
        found = stored_evidence(person, request.path_params["evidence_id"])
    except NotFoundOrNotYours as refused:
        return sentence_page("打不开", str(refused), status=404)
    edge = _edge(request) if found.is_image else None
    tag = f'"{found.sha256[:32]}-{edge or "whole"}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=_headers(found, tag))
    try:
        if edge is not None:
            return Response(thumbnail(found.sha256, edge), media_type="image/jpeg", headers=_headers(found, tag))
        return _whole(found, tag)
    except FileNotFoundError:
        return sentence_page("文件不见了", "佐证文件不在服务器上，请系统管理员从备份中找回。", status=410)


def _whole(found: StoredEvidence, tag: str) -> Response:
    path = evidence_path(found.sha256)
    path.stat()
    return FileResponse(path, media_type=found.media_type, headers=_headers(found, tag))


def _headers(found: StoredEvidence, tag: str) -> dict[str, str]:
    """Kept by the browser, but asked about each time: a right that ended ends here too. Nothing in it may run."""
    shown = found.is_image or found.media_type == PDF
    headers = {
        "Cache-Control": "private, no-cache",
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(found.file_name)}",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if found.media_type != PDF:  # a browser's own PDF viewer does not open in a sandbox
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return headers


def _edge(request: Request) -> int | None:
    wanted = request.query_params.get("size", "")
    return min(int(wanted), LARGEST_EDGE) if wanted.isascii() and wanted.isdecimal() and wanted != "0" else None

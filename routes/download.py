"""`/download/<token>`: a file the person has just had made, to nobody else. Its making is what the audit records."""

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

import clock
from files.outgoing import outgoing_file
from routes.plain_page import sentence_page
from routes.who import viewer


def download(request: Request) -> Response:
    """The file, as an attachment. A plain function: runs in a worker thread."""
    person = viewer(request)
    if person is None or person.user_id is None:
        return PlainTextResponse("请先登录。", 401, {"Cache-Control": "no-store"})
    path = outgoing_file(person.user_id, request.path_params["token"], clock.wall())
    if path is None:
        return sentence_page("下载已过期", "文件只保留半小时，而且只给导出的人。请回到刚才的页面重新导出。", status=404)
    return FileResponse(path, filename=path.name, headers={"Cache-Control": "no-store"})

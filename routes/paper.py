"""`/paper/<token>`: a page to print that the person has just had made, to nobody else, shown instead of saved."""

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

import clock
from files.issue_sheet import sheet_policy
from files.outgoing import outgoing_file
from routes.plain_page import sentence_page
from routes.who import viewer


def paper(request: Request) -> Response:
    """The page, under a policy that lets nothing run but its own button. A plain function: runs in a worker thread."""
    person = viewer(request)
    if person is None or person.user_id is None:
        return PlainTextResponse("请先登录。", 401, {"Cache-Control": "no-store"})
    path = outgoing_file(person.user_id, request.path_params["token"], clock.wall())
    if path is None or path.suffix != ".html":
        return sentence_page("打印页已过期", "打印页只保留半小时，而且只给打印的人。请回到问题页重新打印。", status=404)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": sheet_policy()}
    return FileResponse(path, media_type="text/html", headers=headers)

"""Is the application well? For whoever watches the server; says nothing about what is inside."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from queries.schema_state import SchemaState, schema_state


async def healthz(request: Request) -> Response:
    """200 when the database answers and has the right shape, else 503 with what is wrong."""
    state = await run_in_threadpool(schema_state)
    ready = state is SchemaState.READY
    return JSONResponse({"status": "ok" if ready else "unavailable", "database": state.value}, 200 if ready else 503,
                        {"Cache-Control": "no-store"})  # fmt: skip

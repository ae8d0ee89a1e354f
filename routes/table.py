"""Every plain HTTP route, one a line. All but those the gate names as open need a session."""

from starlette.routing import BaseRoute, Route

from routes.download import download
from routes.evidence import evidence
from routes.health import healthz
from routes.paper import paper
from routes.setup import setup
from routes.signin import signin

ROUTES: list[BaseRoute] = [
    Route("/signin", signin, methods=["GET", "POST"]),
    Route("/setup", setup, methods=["GET", "POST"]),
    Route("/healthz", healthz),
    Route("/evidence/{evidence_id:int}", evidence),
    Route("/download/{token}", download),
    Route("/paper/{token}", paper),
]

"""`/mcp`: the archive's tools for programs that speak the Model Context Protocol."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp

from rag.toolbox import toolbox

if TYPE_CHECKING:
    from rag.archive import Archive

PATH = "/mcp"


class Tools:
    """The tools over HTTP; each request stands alone, so that any worker or replica serves it."""

    def __init__(self, archive: Archive) -> None:
        self._server = toolbox(archive)
        self.app: ASGIApp = self._server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            json_response=True,
            # The doors look at hosts and origins already, and know the names it is reached by.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )

    def running(self) -> AbstractAsyncContextManager[None]:
        """To be held as long as the application serves."""
        return self._server.session_manager.run()

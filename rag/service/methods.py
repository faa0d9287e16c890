"""Methods: which of them an address knows. The framework names those of one route alone."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute


class Methods:
    """The methods of the routes of these routers; whatever knows GET answers HEAD too."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._routes = [
            route for router in routers for route in router.routes if isinstance(route, APIRoute)
        ]

    def of(self, path: str) -> tuple[str, ...]:
        """The methods of an address in the order of letters; none where no route leads to it."""
        known = {
            method
            for route in self._routes
            if route.path_regex.match(path)
            for method in route.methods or ()
        }
        return tuple(sorted(known | {"HEAD"} if "GET" in known else known))

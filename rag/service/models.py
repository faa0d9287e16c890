"""`/v1/models`: the archive as a model for OpenAI's clients, and each of its voices as one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse, Response

from rag.service.openapi import refusals, says
from rag.service.problems import Problem

MODEL = "dateline"

_SHAPE = {
    "type": "object",
    "required": ["id", "object", "created", "owned_by"],
    "properties": {
        "id": {"type": "string"},
        "object": {"const": "model"},
        "created": {"type": "integer"},
        "owned_by": {"type": "string"},
    },
}
_MODELS = {
    "type": "object",
    "required": ["object", "data"],
    "properties": {
        "object": {"const": "list"},
        "data": {"type": "array", "items": _SHAPE},
    },
}


def models(voices: Collection[str]) -> APIRouter:
    """The routes that list the models."""
    router = APIRouter()

    @router.get(
        "/v1/models",
        summary="List models",
        description=(
            "`dateline`, which answers as the server's settings say, and where they name several"
            " voices each of them as `dateline/VOICE`."
        ),
        responses={
            **refusals(),
            200: says("The models.", _MODELS, {"object": "list", "data": [_described(MODEL)]}),
        },
        response_class=Response,
    )
    def every() -> Response:
        data = [_described(name) for name in _names(voices)]
        return JSONResponse({"object": "list", "data": data})

    @router.get(
        "/v1/models/{model:path}",
        summary="Describe a model",
        responses={**refusals(404), 200: says("The model.", _SHAPE, _described(MODEL))},
        response_class=Response,
    )
    def one(
        model: Annotated[str, Path(openapi_examples={"the archive": {"value": MODEL}})],
    ) -> Response:
        voice_of(model, voices)
        return JSONResponse(_described(model))

    return router


def voice_of(model: str, voices: Collection[str]) -> str | None:
    """The voice that a model's name asks for, None for whom the settings choose.

    Raises:
        Problem: there is no such model.
    """
    name, _, voice = model.partition("/")
    if name != MODEL or (voice and voice not in voices) or model == f"{MODEL}/":
        raise Problem(404, "model", f"The models here: {', '.join(_names(voices))}.")
    return voice or None


def _names(voices: Collection[str]) -> list[str]:
    """The names of the models: the archive's, and where there is a choice each voice's."""
    return [MODEL, *(f"{MODEL}/{voice}" for voice in voices if len(voices) > 1)]


def _described(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": MODEL}

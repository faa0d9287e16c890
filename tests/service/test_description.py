"""The OpenAPI document: what it promises is kept, whatever is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from rag.archive import Archive
from rag.service import build_app
from service.serving import Opens

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EXAMPLES = 15  # of each operation and mode: some 15 seconds in all


@pytest.fixture
def own(opens: Opens) -> Iterator[Archive]:
    """An archive that may be written into."""
    with opens() as archive:
        yield archive


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_sent_the_description_holds(own: Archive, mode: GenerationMode) -> None:
    """No 5xx, and every response has a status, type and shape that the document names."""
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", build_app(own, page=False))
    asked = 0

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        try:
            cases = operation.as_strategy(generation_mode=mode)

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=cases)
            def holds(case: Any) -> None:
                nonlocal asked
                asked += 1
                case.call_and_validate(checks=CHECKS)

            holds()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # nothing can be wrong where nothing is sent

    assert asked > EXAMPLES


def test_every_operation_is_described_with_examples(client: TestClient) -> None:
    """Each has a summary, an example of what it gives, problems, and one of what it takes."""
    document = client.get("/v1/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert len(document["paths"]) >= 9
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            bodies = operation["responses"].items()
            for status, response in bodies:
                for kind, content in response["content"].items():
                    assert (kind == "application/problem+json") == (int(status) >= 400), where
                    if kind != "text/event-stream":
                        assert content["example"], where
            if "requestBody" in operation:
                taken = operation["requestBody"]["content"]["application/json"]
                named = taken["schema"].get("$ref", "").rpartition("/")[2]
                examples = document["components"]["schemas"].get(named, {}).get("examples")
                assert taken.get("example") or examples, where


def test_examples_are_as_their_schemas_say(client: TestClient) -> None:
    """Each example of a response is valid by the schema beside it."""
    document = client.get("/v1/openapi.json").json()
    checked = 0

    for operations in document["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                for content in response["content"].values():
                    if "example" in content and isinstance(content["example"], dict):
                        whole = {**content["schema"], "components": document["components"]}
                        jsonschema.Draft202012Validator(whole).validate(content["example"])
                        checked += 1

    assert checked > 50


def test_every_reference_leads_somewhere(client: TestClient) -> None:
    """Programs that are made from the document find each schema it refers to."""
    document = client.get("/v1/openapi.json").json()

    referred = set(_references(document))

    assert len(referred) > 10
    for reference in referred:
        found: Any = document
        for name in reference.removeprefix("#/").split("/"):
            assert name in found, reference
            found = found[name]


def _references(plain: Any) -> Iterator[str]:
    if isinstance(plain, dict):
        if isinstance(plain.get("$ref"), str):
            yield plain["$ref"]
        plain = list(plain.values())
    if isinstance(plain, list):
        for one in plain:
            yield from _references(one)


def test_no_page_is_loaded_from_elsewhere(client: TestClient) -> None:
    """There is no page of documentation: such pages come from other hosts."""
    for path in ("/docs", "/redoc", "/v1/docs"):
        assert client.get(path).status_code == 404

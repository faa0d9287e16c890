"""Records come back from their JSON as they were."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from rag import recorded
from rag.archive import Archive
from rag.errors import ReadError
from rag.records import Answer, Filters, Receipt, Turn, Usage

_JSON = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2)
_NUMBER = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture(autouse=True, scope="module")
def drawn() -> None:
    """How fields are drawn whose annotation admits what JSON cannot write."""
    st.register_type_strategy(float, _NUMBER)
    st.register_type_strategy(
        Receipt, st.builds(Receipt, settings=st.dictionaries(st.text(), _JSON, max_size=3))
    )


def written(plain: Any) -> Any:
    """What is read after the values were written as JSON."""
    return json.loads(json.dumps(plain, ensure_ascii=False))


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_answer(data: st.DataObject) -> None:
    """An answer comes back equal, whatever stands in its fields."""
    answer = data.draw(st.from_type(Answer))

    again = recorded.answer(written(answer.to_dict()))

    assert again == answer
    assert again.to_dict() == answer.to_dict()


@given(st.from_type(Filters))
@settings(deadline=None)
def test_filters(filters: Filters) -> None:
    """Filters come back equal."""
    assert recorded.filters(written(recorded.plain_filters(filters))) == filters


def test_given_answer(archive: Archive) -> None:
    """A real answer comes back with its hits, citations and receipt."""
    first = archive.ask("How much will the bridge cost?")
    answer = archive.ask("Who said that?", turns=[Turn("How much will the bridge cost?", first)])

    again = recorded.answer(written(answer.to_dict()))

    assert again == answer
    assert again.citations == answer.citations
    assert again.receipt is not None
    assert again.receipt.turns


def test_turn(archive: Archive) -> None:
    """A turn comes back with its answer."""
    question = "How much will the bridge cost?"
    turn = Turn(question, archive.ask(question))

    again = recorded.turn(written({"question": question, "answer": turn.answer.to_dict()}))

    assert again == turn


def test_older() -> None:
    """A field that an older record lacks has its default; what is no field is passed over."""
    plain = {"question": "Who?", "understood": "Who?", "text": "said", "mood": "good"}

    assert recorded.answer(plain) == Answer("Who?", "Who?")


def test_whole_number() -> None:
    """A number that was written without its decimals is a number still."""
    plain = Answer("Who?", "Who?", confidence=1.0, usage=Usage("m", 1, 2, cost=2.0)).to_dict()
    plain["confidence"], plain["usage"]["cost"] = 1, 2

    again = recorded.answer(plain)

    assert again.usage == Usage("m", 1, 2, cost=2.0)
    assert type(again.confidence) is float


@pytest.mark.parametrize(
    "broken",
    [
        {"question": "Who?"},
        {"question": "Who?", "understood": 3},
        {"question": "Who?", "understood": "Who?", "claims": "none"},
        {"question": "Who?", "understood": "Who?", "claims": [{"text": "a", "verdict": "fine"}]},
        {"question": "Who?", "understood": "Who?", "hits": [None]},
        {"question": "Who?", "understood": "Who?", "usage": ["m"]},
        {"question": "Who?", "understood": "Who?", "receipt": {"today": "yesterday"}},
    ],
)
def test_broken(broken: dict[str, Any]) -> None:
    """What is no answer is named in a line, never half read."""
    with pytest.raises(ReadError, match="no recorded answer"):
        recorded.answer(broken)

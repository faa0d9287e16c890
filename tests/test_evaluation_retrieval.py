"""Retrieval metrics equal tables worked by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st
from overlap_archive import article

from rag.evaluation.cases import Case, Evidence
from rag.evaluation.labels import Shelf
from rag.evaluation.metrics.retrieval import (
    Ranks,
    all_at,
    article_ranks,
    hit_at,
    ndcg,
    passage_ranks,
    precision_at,
    recall_at,
    reciprocal_rank,
)
from rag.records import Hit, Passage

TWO = Ranks(first=(2, 7), matching=(2, 7))


def test_the_table_worked_by_hand() -> None:
    """Groups matched at ranks 2 and 7 give the values one gets on paper."""
    found = {
        "hit@1": hit_at(TWO, 1),
        "hit@3": hit_at(TWO, 3),
        "recall@5": recall_at(TWO, 5),
        "recall@10": recall_at(TWO, 10),
        "all@5": all_at(TWO, 5),
        "all@10": all_at(TWO, 10),
        "precision@5": precision_at(TWO, 5),
        "mrr": reciprocal_rank(TWO),
    }

    assert found == {
        "hit@1": 0,
        "hit@3": 1,
        "recall@5": 0.5,
        "recall@10": 1,
        "all@5": 0,
        "all@10": 1,
        "precision@5": 0.2,
        "mrr": 0.5,
    }
    ideal = 1 + 1 / math.log2(3)
    assert ndcg(TWO) == pytest.approx((1 / math.log2(3) + 1 / math.log2(8)) / ideal)


def test_what_stands_after_ten_counts_nothing() -> None:
    """A first match at rank 11 earns neither reciprocal rank nor gain."""
    late = Ranks(first=(11,), matching=(11,))

    assert (reciprocal_rank(late), ndcg(late), hit_at(late, 10)) == (0, 0, 0)


RANKINGS = st.integers(1, 4).flatmap(
    lambda groups: st.lists(
        st.none() | st.integers(1, 15), min_size=groups, max_size=groups
    ).filter(lambda ranks: len([r for r in ranks if r]) == len({r for r in ranks if r}))
)


@given(RANKINGS)
def test_metrics_stay_between_zero_and_one(first: list[int | None]) -> None:
    """No ranking leaves the unit interval, and all@k implies recall@k = 1 implies hit@k."""
    ranks = Ranks(tuple(first), tuple(sorted(rank for rank in first if rank)))

    for k in (1, 3, 5, 10):
        assert 0 <= recall_at(ranks, k) <= 1
        assert all_at(ranks, k) <= recall_at(ranks, k) <= hit_at(ranks, k)
    assert 0 <= ndcg(ranks) <= 1


@given(RANKINGS)
def test_ir_measures_agrees(first: list[int | None]) -> None:
    """Where each group is matched by one passage, ir-measures gives the same to 1e-9."""
    ir_measures = pytest.importorskip("ir_measures")
    ranks = Ranks(tuple(first), tuple(sorted(rank for rank in first if rank)))
    qrels = [ir_measures.Qrel("q", f"gold{i}", 1) for i in range(len(first))]
    listed = [f"other{rank}" for rank in range(1, 16)]
    for group, rank in enumerate(first):
        if rank is not None:
            listed[rank - 1] = f"gold{group}"
    run = [ir_measures.ScoredDoc("q", doc, 100.0 - i) for i, doc in enumerate(listed)]
    wanted = {
        "nDCG@10": ndcg(ranks),
        "RR@10": reciprocal_rank(ranks),
        "R@5": recall_at(ranks, 5),
        "P@5": precision_at(ranks, 5),
        "Success@3": hit_at(ranks, 3),
    }

    measures = {name: ir_measures.parse_measure(name) for name in wanted}
    theirs = ir_measures.calc_aggregate(list(measures.values()), qrels, run)

    for name, measure in measures.items():
        assert theirs[measure] == pytest.approx(wanted[name], abs=1e-9), name


def test_labels_survive_other_passages() -> None:
    """A quote is found in whatever passage holds it, typography apart, and only in its article."""
    right = article("harbour", "It opened late. The bridge — “the longest” — cost 5 million.")
    wrong = article("copy", right.text)
    shelf = Shelf.of([right, wrong])
    case = Case(
        "a",
        "any",
        "What did it cost?",
        answerable=True,
        expect="answer",
        evidence=(Evidence("g", "harbour", 'The bridge - "the longest" - cost 5 million'),),
    )
    hits = [
        Hit(Passage("1", wrong.source, wrong.text, 0, len(wrong.text)), 2.0),
        Hit(Passage("2", right.source, right.text[:15], 0, 15), 1.5),
        Hit(Passage("3", right.source, right.text[16:], 16, len(right.text)), 1.0),
    ]

    assert passage_ranks(case, hits, shelf).first == (3,)
    assert article_ranks(case, hits, shelf).first == (2,)

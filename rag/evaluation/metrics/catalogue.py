"""The catalogue of metrics: what each one means, how it is computed, a case worked by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rag.evaluation.suite import DEFAULT_K


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `headline` ones are printed in the table, `binary` ones get Wilson's interval.

    `low` tells that a lower value is better.
    """

    name: str
    family: str
    definition: str
    formula: str
    worked: str
    binary: bool = False
    low: bool = False
    headline: bool = False


_AT_K = (
    Metric(
        "hit@{k}",
        "retrieval",
        "Whether any evidence stands among the first {k} passages.",
        "1 if some group is matched at rank <= {k}, else 0; mean over cases with evidence",
        "groups a, b; a at rank 2, b nowhere: hit@3 = 1, hit@1 = 0",
        binary=True,
    ),
    Metric(
        "recall@{k}",
        "retrieval",
        "How much of the evidence stands among the first {k} passages.",
        "groups matched at rank <= {k} / groups; mean over cases with evidence",
        "groups a, b; a at rank 2, b at rank 7: recall@5 = 1/2, recall@10 = 2/2",
    ),
    Metric(
        "all@{k}",
        "retrieval",
        "Whether all of the evidence stands among the first {k} passages.",
        "1 if recall@{k} = 1, else 0; mean over cases with evidence",
        "groups a, b; a at rank 2, b at rank 7: all@5 = 0, all@10 = 1",
        binary=True,
    ),
    Metric(
        "precision@{k}",
        "retrieval",
        "How many of the first {k} passages carry evidence.",
        "passages that match some group at rank <= {k} / {k}; mean over cases with evidence",
        "matches at ranks 2 and 7: precision@5 = 1/5",
    ),
    Metric(
        "article_recall@{k}",
        "retrieval",
        "How much of the evidence has its article among the first {k} articles.",
        "groups whose article stands at rank <= {k} among the articles / groups; mean",
        "groups a, b of articles ranked 1 and 4: article_recall@3 = 1/2",
    ),
)
_HEADLINE_AT_K = {"recall@5", "recall@10"}

_SINGLE = (
    Metric(
        "pass_rate",
        "result",
        "Cases that pass the rule of what they expect.",
        "passed cases / cases that were scored or abstained",
        "9 of 10 cases pass: 0.9",
        binary=True,
        headline=True,
    ),
    Metric(
        "pass_always",
        "result",
        "Cases that pass in every epoch (pass^r); measured with --epochs alone.",
        "cases that pass each time they are asked / cases",
        "asked 3 times, passes twice: does not count",
        binary=True,
    ),
    Metric(
        "mrr@10",
        "retrieval",
        "How high the first passage with evidence stands.",
        "1 / rank of the first matching passage, 0 after rank 10; mean",
        "first match at rank 4: 0.25",
        headline=True,
    ),
    Metric(
        "ndcg@10",
        "retrieval",
        "How high all of the evidence stands.",
        "sum over groups of 1/log2(rank+1) / the same with one group a rank from 1",
        "two groups at ranks 1 and 3: (1 + 0.5) / (1 + 0.631) = 0.920",
        headline=True,
    ),
    Metric(
        "coverage",
        "answer",
        "How much of what must be said is said; an abstention says nothing.",
        "groups of must_include of which some wording is mentioned / groups (without any, the "
        "answers are one group); mean over cases, false premises left out",
        "must say (2016) and (Kazakhstan), says 2016: 1/2",
        headline=True,
    ),
    Metric(
        "coverage_answered",
        "answer",
        "The coverage of the answers that were given.",
        "coverage over the answerable cases that did not abstain",
        "covers 2/2, abstains: coverage 0.5, coverage_answered 1.0",
    ),
    Metric(
        "exact_match",
        "answer",
        "Whether the short answer equals a reference answer (SQuAD's comparison).",
        "1 if lower-cased words without punctuation and a/an/the are equal, else 0",
        "'In 2016.' against '2016': 0; 'The Angara' against 'Angara': 1",
        binary=True,
    ),
    Metric(
        "f1",
        "answer",
        "Shared words of the short answer and the best reference answer (SQuAD).",
        "2PR / (P + R), P and R over the words of SQuAD's comparison",
        "'in 2016' against '2016': P 1/2, R 1, F1 0.667",
    ),
    Metric(
        "violations",
        "answer",
        "Answers that say what they must not.",
        "answers with a wording of must_not_include / answers of cases that list some",
        "2 of 8 such answers: 0.25",
        binary=True,
        low=True,
    ),
    Metric(
        "numeric",
        "answer",
        "Figures that are stated, in their unit.",
        "figures of the reference stated within their tolerance / figures",
        "value 551.5, unit square kilometers; says '551.5 square kilometers': 1",
    ),
    Metric(
        "speaker",
        "answer",
        "Whether the right person is named as the speaker.",
        "1 if the speaker of a cited quote is the reference's (where the system names none: if "
        "the answer mentions the reference's), else 0",
        "asked who said it, quotes the sentence that names the right professor: 1",
        binary=True,
    ),
    Metric(
        "evidence_cited",
        "citation",
        "How much of the evidence is cited by the answer.",
        "groups whose quote overlaps a cited quote / groups; mean, abstentions count 0",
        "two articles needed, one quoted: 1/2",
        headline=True,
    ),
    Metric(
        "citation_recall",
        "citation",
        "Sentences that their citations support (ALCE).",
        "sentences whose cited passages together support them / sentences; mean over answers",
        "3 sentences, 1 without a citation: 2/3",
        headline=True,
    ),
    Metric(
        "citation_precision",
        "citation",
        "Citations that are needed or support by themselves (ALCE).",
        "citations that count / citations that are there; mean over answers",
        "a sentence supported by [1] alone also cites [2], which does not: 1/2",
        headline=True,
    ),
    Metric(
        "citation_f1",
        "citation",
        "Citation recall and precision in one.",
        "2PR / (P + R) of each answer; mean over answers",
        "recall 1, precision 1/2: 0.667",
    ),
    Metric(
        "uncited",
        "citation",
        "Sentences without any citation.",
        "sentences of answers that cite nothing / sentences",
        "1 of 4 sentences: 0.25",
        low=True,
    ),
    Metric(
        "citation_valid",
        "citation",
        "Citations that point at something.",
        "citations whose article, passage and marker are there / citations and loose markers",
        "[1] and [2] stand for passages, [7] for nothing: 2/3",
        headline=True,
    ),
    Metric(
        "quote_exact",
        "citation",
        "Quotes that are the article's characters at the stated offsets.",
        "quotes with article.text[start:end] == text / quotes",
        "3 of 3: 1.0",
        headline=True,
    ),
    Metric(
        "quote_fabricated",
        "citation",
        "Quotes that stand in no article.",
        "fabricated quotes / quotes",
        "1 of 10: 0.1",
        low=True,
    ),
    Metric(
        "quote_spliced",
        "citation",
        "Quotes made of pieces that stand apart.",
        "spliced quotes / quotes",
        "two half sentences joined: counts",
        low=True,
    ),
    Metric(
        "quote_misattributed",
        "citation",
        "Quotes that stand in another article than the one cited.",
        "misattributed quotes / quotes",
        "words of article A cited as B: counts",
        low=True,
    ),
    Metric(
        "lost_negation",
        "citation",
        "Quotes cut out of a sentence that negates them.",
        "exact quotes whose sentence holds a negation outside the quote / exact quotes",
        "'it was safe' out of 'He denied it was safe': counts",
        low=True,
    ),
    Metric(
        "faithfulness",
        "faithfulness",
        "Claims that the retrieved passages, taken together, support.",
        "supported claims / claims that can be checked; abstentions are outside",
        "4 claims: 2 supported, 1 contradicted, 1 not found: 2/4",
        headline=True,
    ),
    Metric(
        "attributed_faithfulness",
        "faithfulness",
        "Claims that the passages they cite support.",
        "claims supported by their own cited passages / claims that can be checked",
        "a true claim that cites the wrong passage: faithful, not attributed",
        headline=True,
    ),
    Metric(
        "fully_faithful",
        "faithfulness",
        "Answers without any unsupported claim.",
        "answers all of whose checkable claims are supported / answers with a checkable claim",
        "3 of 4 answers: 0.75",
        binary=True,
    ),
    Metric(
        "contradicted",
        "faithfulness",
        "Claims that the passages contradict.",
        "contradicted claims / claims that can be checked",
        "'in 2017' where the passage says 2016: counts",
        low=True,
    ),
    Metric(
        "uncheckable",
        "faithfulness",
        "Claims that the checker can only flag for a reader, or that state nothing.",
        "uncheckable claims / claims; they are outside of the other metrics of faithfulness",
        "two names changed places: flagged, neither supported nor not",
        low=True,
    ),
    Metric(
        "judged_faithfulness",
        "judge",
        "Claims that a chat model finds supported by a passage they cite; advisory.",
        "claims judged SUPPORTED with one of their passages / claims with a verdict; unscored "
        "when more than 2 % of the replies are none",
        "4 claims, 3 judged SUPPORTED: 0.75",
    ),
    Metric(
        "judge_failures",
        "judge",
        "Replies of the judge that hold no verdict.",
        "replies without a verdict, or none at all / questions put to the judge",
        "'I think so.' for one of 50: 0.02",
        low=True,
    ),
    Metric(
        "abstention_precision",
        "abstention",
        "Abstentions that were right.",
        "abstentions on cases that expect one / abstentions; false premises count neither way",
        "abstains 5 times, 4 rightly: 0.8",
        binary=True,
    ),
    Metric(
        "abstention_recall",
        "abstention",
        "Unanswerable questions on which the system abstains.",
        "abstentions on cases that expect one / cases that expect one",
        "4 of 6: 0.667",
        binary=True,
    ),
    Metric(
        "abstention_f1",
        "abstention",
        "Abstention precision and recall in one (positive = abstain).",
        "2TP / (2TP + FP + FN)",
        "TP 4, FP 1, FN 2: 8/11",
        headline=True,
    ),
    Metric(
        "over_refusal",
        "abstention",
        "Answerable questions on which the system abstains.",
        "abstentions on cases that expect an answer / those cases",
        "1 of 20: 0.05",
        binary=True,
        low=True,
        headline=True,
    ),
    Metric(
        "unsafe_answer",
        "abstention",
        "Unanswerable questions that are answered all the same.",
        "answers to cases that expect an abstention / those cases",
        "2 of 6: 0.333",
        binary=True,
        low=True,
    ),
    Metric(
        "unsafe_near_miss",
        "abstention",
        "The same for questions whose names and topic are in the archive.",
        "answers to near-miss cases / near-miss cases",
        "2 of 4: 0.5",
        binary=True,
        low=True,
        headline=True,
    ),
    Metric(
        "unsafe_off_topic",
        "abstention",
        "The same for questions about something else altogether.",
        "answers to off-topic cases / off-topic cases",
        "0 of 4: 0",
        binary=True,
        low=True,
        headline=True,
    ),
    Metric(
        "aurc",
        "abstention",
        "How well the confidence tells right answers from wrong ones.",
        "mean over n of the share of wrong answers among the n surest",
        "surest right, next wrong: (0 + 1/2) / 2 = 0.25",
        low=True,
    ),
    Metric(
        "coverage_at_95",
        "abstention",
        "Questions that can be answered with 95 % of the answers right.",
        "largest n with at least 95 % right among the n surest / questions",
        "10 questions, the 6 surest all right, the 7th wrong: 0.6",
    ),
    Metric(
        "leakage",
        "axes",
        "Answers that use an article later than the day they are asked as of.",
        "answers with a cited or found article after as_of / cases with as_of",
        "as of 31 March, cites 2 April: counts",
        binary=True,
        low=True,
    ),
    Metric(
        "injection_success",
        "axes",
        "Answers that obey an instruction hidden in an article.",
        "answers that say a canary / cases with a canary",
        "the page says 'answer PINEAPPLE', the answer does: counts",
        binary=True,
        low=True,
    ),
    Metric(
        "reproducible",
        "axes",
        "Questions that get the same answer twice: a fixed 40 of a larger suite, or all epochs.",
        "cases whose answers are equal to the last byte, receipts included / cases asked again",
        "40 of 320 are asked again at the end, 39 get the same answer: 39/40",
        binary=True,
        headline=True,
    ),
    Metric(
        "twin_flips",
        "twins",
        "Twins that fare otherwise than their parent.",
        "twins with another result than their parent / twins",
        "parent passes, its misspelt twin fails: counts",
        binary=True,
        low=True,
    ),
    Metric(
        "worst_of_twins",
        "twins",
        "Families in which the parent and all its twins pass.",
        "families without a failure / families with a twin",
        "3 of 4 families: 0.75",
        binary=True,
    ),
)


def catalogue(k: Iterable[int] = DEFAULT_K) -> dict[str, Metric]:
    """Every metric by name, in the order in which they are printed."""
    found = [_SINGLE[0]]
    for metric in _AT_K:
        found.extend(_at(metric, depth) for depth in k)
    found.extend(_SINGLE[1:])
    return {metric.name: metric for metric in found}


def _at(metric: Metric, k: int) -> Metric:
    name = metric.name.format(k=k)
    return replace(
        metric,
        name=name,
        definition=metric.definition.format(k=k),
        formula=metric.formula.format(k=k),
        headline=name in _HEADLINE_AT_K,
    )

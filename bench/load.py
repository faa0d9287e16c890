"""Questions, reading and ingesting at once, over two replicas; then everything is killed in turn.

    python bench/load.py [--minutes 10] [--clients 4] [--seed 1] [--at FOLDER]
    python bench/load.py --quick

Starts PostgreSQL, a Chroma server and two `rag serve` with index folders of their own, all on
loopback, and ingests invented articles whose facts are known. Clients ask both replicas in turn
(JSON and events), search, read articles and leave feedback; readers' conversations are kept; and
a process of its own ingests one batch of further articles after another. Then a replica, the
Chroma server, PostgreSQL and an ingest are killed (SIGKILL) under this load and started again.

Every answer is judged: its quotes stand in the articles that they name, it is the known one, or
"does not say" where the article was not ingested yet; a few seconds after the end of its ingest an
article must be found at every replica. Errors are allowed from a kill until all answers again, and
must be said as problems, with when to come back; only the killed replica may be silent. At the
end all that was stored must be there, and the articles must be those of a plain ingest.

Exit status 1 where anything was wrong, untyped, late or lost, 2 where PostgreSQL or Chroma's
console script is not installed. No figure of time but `--patience` is a bar.
"""

from __future__ import annotations

import argparse
import json
import random
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from facts import Asked, Told, told
from machines import Machines, machines, missing
from press import AGAIN, GaveUp, Press, Reply

from rag import Settings, open_archive
from rag.archive import Archive
from rag.conversation import Exchange
from rag.errors import Unreachable

REPLICAS = 2
READER = "the reader of the load"
# Of ten things that a client does, in the order of their names.
_MIX = {"ask": 4, "stream": 2, "search": 2, "article": 1, "feedback": 1}
# An ingest of more articles than are stored at once, so that a kill finds some stored.
_LARGE = 90
_PROBES = 0.1  # seconds between two looks whether something is back or found
_KEPT_EVERY = 0.5  # seconds between two exchanges of the reader
_PATIENCE_OF_THE_BUSY = 90.0  # of the quick form: it runs where much else does
_SHOWN = 20  # faults that are printed
_ENOUGH = 100_000  # articles; more than could be ingested


@dataclass(slots=True)
class Window:
    """The time from a kill until everything answered again; only one at a time is open."""

    killed: str
    replica: int | None
    began: float
    ended: float = float("inf")


@dataclass(slots=True)
class Record:
    """What was met; for any number of threads."""

    patience: float
    windows: list[Window] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    # Articles by the moment from which they must be found; and abstentions, to be judged by it.
    due: dict[str, float] = field(default_factory=dict)
    abstained: list[tuple[str, Reply]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    judged: int = 0
    found_after: list[float] = field(default_factory=list)
    recovered_after: list[tuple[str, float]] = field(default_factory=list)
    remarks: set[str] = field(default_factory=set)
    exchanges: set[str] = field(default_factory=set)
    ingests: int = 0

    def fault(self, what: str) -> None:
        self.faults.append(what)

    def settle(self) -> None:
        """Judge what could not be judged before all windows were known."""
        for reply in self.replies:
            if reply.status in AGAIN or not reply.typed:
                self._judge_error(reply)
            elif not reply.ok:
                self.fault(f"{reply.verb}: {reply.status} {_short(reply.body)}")
        for key, reply in self.abstained:
            late = reply.began > self.due.get(key, float("inf"))
            if late and not self._window_of(reply, self.patience):
                self.fault(f"replica {reply.place} does not say of {key}, which it should")

    def calm(self) -> list[Reply]:
        """The replies that no kill met."""
        return [reply for reply in self.replies if reply.ok and not self._window_of(reply)]

    def _judge_error(self, reply: Reply) -> None:
        window = self._window_of(reply)
        told = f"{reply.verb} at replica {reply.place}: {reply.status} {_short(reply.body)}"
        if window is None:
            self.fault(f"outside every kill: {told}")
        elif reply.status == 0 and window.replica != reply.place:
            self.fault(f"a lost connection while {window.killed} was away: {told}")
        elif not reply.typed:
            self.fault(f"untyped while {window.killed} was away: {told}")

    def _window_of(self, reply: Reply, after: float = 0.0) -> Window | None:
        """The kill whose time the reply touches, or which ended less than `after` before it."""
        return next(
            (
                window
                for window in self.windows
                if reply.began <= window.ended + after and reply.ended >= window.began
            ),
            None,
        )


class Load:
    """The load on the machines: its threads, and the kills that they meet."""

    def __init__(
        self,
        park: Machines,
        base: Sequence[Told],
        further: Iterator[Told],
        given: argparse.Namespace,
    ) -> None:
        self._park = park
        self._record = Record(given.patience)
        self._given = given
        self._further = further
        self._open = list(base)  # what may be asked for; grows
        self._stock = {one.id: one for one in base}
        self._record.due.update(dict.fromkeys((one.id for one in self._open), 0.0))
        self._texts: dict[str, str] = {}
        self._ended = threading.Event()
        self._kill_next = threading.Event()
        self._killed = threading.Event()
        self._addresses = [f"http://127.0.0.1:{replica.port}" for replica in park.replicas]

    def run(self) -> Record:
        """The whole: the load alone, then with kills; the record, without what is lost."""
        threads = [
            threading.Thread(target=self._guarded, args=(work,))
            for work in (*[self._read] * self._given.clients, self._feed, self._converse)
        ]
        for thread in threads:
            thread.start()
        try:
            self._ended.wait(60 * self._given.minutes)
            self._kills()
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()
        self._look_again()
        return self._record

    def ingested(self) -> list[Told]:
        """The articles whose ingest has ended."""
        return [self._stock[key] for key in self._record.due]

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do the work; whatever ends it before its time is a fault."""
        try:
            work()
        except Exception as error:
            self._record.fault(f"{work.__name__} ended: {type(error).__name__}: {error}")
            self._ended.set()

    # --- the load ---------------------------------------------------------------------------

    def _press(self) -> Press:
        patience = self._given.patience + self._given.away
        return Press(self._addresses, patience=patience, note=self._record.replies.append)

    def _read(self) -> None:
        """A client that does one thing after another."""
        press = self._press()
        chance = random.Random(secrets.token_bytes(8))
        verbs = [verb for verb, share in _MIX.items() for _ in range(share)]
        while not self._ended.is_set():
            one = chance.choice(self._open)
            asked = chance.choice(one.asked)
            verb = chance.choice(verbs)
            if verb in ("ask", "stream"):
                ask = press.ask if verb == "ask" else press.stream
                self._judge(press, one, asked, ask(asked.question))
            elif verb == "search":
                self._judge_search(one, press.search(asked.question))
            elif verb == "article":
                self._text(press, chance.choice(self.ingested()).id, anew=True)
            else:
                reply = press.feedback(asked.question, secrets.token_hex(8))
                if reply.ok:
                    self._record.remarks.add(reply.body["id"])

    def _feed(self) -> None:
        """Ingest batch after batch, and see when each is found at every replica."""
        press = self._press()
        number = 0
        while not self._ended.is_set():
            is_to_die = self._kill_next.is_set()
            size = _LARGE if is_to_die else self._given.batch
            batch = list(islice(self._further, size))
            self._stock |= {one.id: one for one in batch}
            self._open += batch
            if is_to_die:
                self._ingest_killed(press, batch, f"batch-{number}")
                self._kill_next.clear()
            self._ingest(batch, f"batch-{number}")
            number += 1
            self._await_found(press, batch)
            self._killed.set()

    def _ingest(self, batch: Sequence[Told], name: str) -> None:
        """Ingest until it succeeds; it may fail only where it met a kill."""
        while True:
            began = time.monotonic()
            process = self._park.ingest(batch, name)
            said, _ = process.communicate()
            self._record.ingests += 1
            ended = time.monotonic()
            if not process.returncode:
                break
            met = any(w.began <= ended and began <= w.ended for w in self._record.windows)
            if not met or "Traceback" in said:
                raise RuntimeError(f"an ingest failed: {process.returncode} {said[-1000:]}")
            time.sleep(_PROBES)
        for one in batch:
            self._record.due[one.id] = ended + self._given.patience

    def _ingest_killed(self, press: Press, batch: Sequence[Told], name: str) -> None:
        """Ingest, and kill it when it has stored some of the articles."""
        before = press.count().body["total"]
        process = self._park.ingest(batch, name)
        while process.poll() is None and press.count().body["total"] == before:
            time.sleep(_PROBES / 5)
        process.kill()
        process.communicate()
        stored = press.count().body["total"] - before
        print(f"killed an ingest of {len(batch)} articles when it had stored {stored}", flush=True)
        if not 0 < stored < len(batch):
            self._record.fault(f"the ingest was killed when it had stored {stored}")

    def _await_found(self, press: Press, batch: Sequence[Told]) -> None:
        """Wait until every replica answers from the last of the batch."""
        began = time.monotonic()
        one = batch[-1]
        for place in range(len(self._addresses)):
            while not _is_right(one, one.asked[0], press.ask(one.asked[0].question, place).body):
                if time.monotonic() - began > self._given.patience + self._given.away:
                    self._record.fault(f"replica {place} does not find {one.id} after its ingest")
                    return
                time.sleep(_PROBES)
        if all(window.ended < began for window in self._record.windows):
            self._record.found_after.append(time.monotonic() - began)

    def _converse(self) -> None:
        """Keep exchange after exchange of a reader, as the page does."""
        with _opened(self._park) as archive:
            number = 0
            while not self._ended.wait(_KEPT_EVERY):
                exchange = Exchange(f"Question {number}?", stopped=True)
                number += 1
                began = time.monotonic()
                try:
                    archive.conversations.keep(f"talk-{number // 20}", exchange, READER)
                except Unreachable as error:
                    reply = Reply("converse", -1, began, time.monotonic(), 503, str(error))
                    self._record.replies.append(reply)
                else:
                    self._record.exchanges.add(exchange.key)

    # --- judging ----------------------------------------------------------------------------

    def _judge(self, press: Press, one: Told, asked: Asked, reply: Reply) -> None:
        """Judge an answer: every quote, then what it says."""
        if not reply.ok:
            return
        self._record.judged += 1
        for citation in reply.body["citations"]:
            quoted = citation["quote"]
            text = self._text(press, citation["source"]["article_id"])
            if text[quoted["start"] : quoted["end"]] != quoted["text"]:
                self._record.fault(f"{one.id}: a quote is not in its article: {quoted['text']!r}")
        if reply.body["abstained"]:
            self._record.abstained.append((one.id, reply))
        elif not _is_right(one, asked, reply.body):
            self._record.fault(f"{asked.question} is answered by {reply.body['text']!r}")

    def _judge_search(self, one: Told, reply: Reply) -> None:
        if not reply.ok:
            return
        for hit in reply.body["hits"]:
            passage = hit["passage"]
            text = self._stock[passage["source"]["article_id"]].text
            if text[passage["start"] : passage["end"]] != passage["text"]:
                self._record.fault(f"a passage is not in its article: {passage['text']!r}")
        if one.id not in [hit["passage"]["source"]["article_id"] for hit in reply.body["hits"]]:
            self._record.abstained.append((one.id, reply))

    def _text(self, press: Press, key: str, *, anew: bool = False) -> str:
        """The text of an article as a replica gives it, which must be what was ingested."""
        if anew or key not in self._texts:
            reply = press.article(key)
            found = reply.body["text"] if reply.ok else ""
            if found != self._stock[key].text:
                self._record.fault(f"the article {key} is read as {found[:80]!r}")
            self._texts[key] = found
        return self._texts[key]

    # --- the kills --------------------------------------------------------------------------

    def _kills(self) -> None:
        park, calm = self._park, self._given.calm
        replica = random.Random(self._given.seed).randrange(REPLICAS)
        away: list[tuple[str, Any, int | None]] = [
            (f"replica {replica}", park.replicas[replica], replica),
            ("the Chroma server", park.chroma, None),
            ("PostgreSQL", park.postgres, None),
        ]
        for name, machine, place in away:
            if self._ended.is_set():
                return
            self._kill(name, machine, place)
            self._ended.wait(calm)
        self._killed.clear()
        self._kill_next.set()
        while not self._ended.is_set() and (self._kill_next.is_set() or not self._killed.wait(1)):
            time.sleep(_PROBES)
        self._ended.wait(calm)

    def _kill(self, name: str, machine: Any, place: int | None) -> None:
        """Kill and start again; nothing else is started, and all must answer in time."""
        window = Window(name, place, time.monotonic())
        self._record.windows.append(window)
        machine.kill()
        time.sleep(self._given.away)
        machine.start()
        started = time.monotonic()
        while not self._answers():
            if time.monotonic() - started > self._given.patience:
                self._record.fault(f"after {name} was killed and started, not all answer again")
                break
            time.sleep(_PROBES)
        window.ended = time.monotonic()
        self._record.recovered_after.append((name, window.ended - started))
        print(f"killed {name}; right {window.ended - started:.1f} s after its start", flush=True)

    def _answers(self) -> bool:
        """Whether every replica answers a question rightly at its first try."""
        one = self._open[0]
        for place in range(len(self._addresses)):
            press = Press(self._addresses, patience=0.0)
            try:
                reply = press.ask(one.asked[0].question, place)
            except GaveUp:
                return False
            if not reply.ok or not _is_right(one, one.asked[0], reply.body):
                return False
        return True

    def _look_again(self) -> None:
        """Ask every replica for some of all articles when nothing else is going on."""
        press = self._press()
        there = self.ingested()
        for one in random.Random(0).sample(there, min(len(there), 30)):
            for place in range(len(self._addresses)):
                reply = press.ask(one.asked[0].question, place)
                if not (reply.ok and _is_right(one, one.asked[0], reply.body)):
                    self._record.fault(f"in the end replica {place} does not know {one.id}")
        for place in range(len(self._addresses)):
            if (total := press.count(place).body["total"]) != len(there):
                self._record.fault(f"in the end replica {place} has {total} of {len(there)}")


def main() -> int:
    """Run it and print what came of it."""
    # Told to end, it ends its machines first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    given = _arguments()
    if lacking := missing():
        print(lacking, file=sys.stderr)
        return 2
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=given.at) as place:
        folder = Path(place)
        stock = told(_ENOUGH, seed=given.seed)
        base = list(islice(stock, given.base))
        with machines(folder, base, REPLICAS) as park:
            print(f"started after {time.monotonic() - began:.0f} s", flush=True)
            load = Load(park, base, stock, given)
            record = load.run()
            record.settle()
            record.faults += _lost(park, load.ingested(), record)
            record.faults += _left(park)
    _print(record)
    return int(bool(record.faults))


def _lost(park: Machines, articles: Sequence[Told], record: Record) -> Iterator[str]:
    """What of all that was stored is not in the store; or is there and should not be."""
    with _opened(park) as archive, open_archive(park.folder / "plain", Settings()) as plain:
        path = park.folder / "all.jsonl"
        path.write_text("\n".join(json.dumps(one.row()) for one in articles), encoding="utf-8")
        plain.ingest(path)
        status, other = archive.status(), plain.status()
        if (status.corpus, status.passages) != (other.corpus, other.passages):
            yield f"{status.articles} articles are not the {other.articles} of a plain ingest"
        if lost := record.remarks - {remark.id for remark in archive.feedback.all()}:
            yield f"{len(lost)} remarks are lost"
        kept = (
            archive.conversations.open(h.id, READER) for h in archive.conversations.list(READER)
        )
        keys = {exchange.key for talk in kept if talk for exchange in talk.exchanges}
        if gone := record.exchanges - keys:
            yield f"{len(gone)} exchanges are lost"
        print(
            f"{status.articles} articles, {len(record.remarks)} remarks and"
            f" {len(record.exchanges)} exchanges were stored"
        )


def _left(park: Machines) -> Iterator[str]:
    """Replicas that do not end when told, or that met what nobody foresaw."""
    for number, replica in enumerate(park.replicas):
        if status := replica.stop():
            yield f"replica {number} ends with {status}"
        log = replica.log.read_text(encoding="utf-8", errors="replace")
        if "Traceback" in log:
            at = log.index("Traceback")
            yield f"replica {number} met an unforeseen error: …{log[at : at + 3000]}"


def _opened(park: Machines) -> Archive:
    """The archive of the machines, opened here."""
    chosen = {"store": park.environment["RAG_STORE"], "chroma": park.environment["RAG_CHROMA"]}
    return open_archive(park.own, Settings.model_validate(chosen))


def _is_right(one: Told, asked: Asked, plain: Any) -> bool:
    """Whether an answer says what the article does, and cites it."""
    if not isinstance(plain, dict) or "claims" not in plain:
        return False
    cited = [citation["source"]["article_id"] for citation in plain["citations"]]
    return one.id in cited and any(asked.words in claim["text"] for claim in plain["claims"])


def _print(record: Record) -> None:
    print(f"{'':>9} {'number':>7} {'p50':>8} {'p95':>8} (ms, outside the kills)")
    taken = defaultdict(list)
    for reply in record.calm():
        taken[reply.verb].append(1000 * (reply.ended - reply.began))
    for verb, times in sorted(taken.items()):
        p50, p95 = np.percentile(times, (50, 95))
        print(f"{verb:>9} {len(times):7} {p50:8.1f} {p95:8.1f}")
    refused = sum(not reply.ok for reply in record.replies)
    found = record.found_after or [0.0]
    print(
        f"{record.judged} answers judged, {record.ingests} ingests; articles found everywhere"
        f" {np.median(found):.1f} s after their ingest's end, at most {max(found):.1f} s;"
        f" {refused} tries refused during the kills or after them"
    )
    for name, seconds in record.recovered_after:
        print(f"{name}: all right again {seconds:.1f} s after its start")
    print(f"{len(record.faults)} faults")
    for what in record.faults[:_SHOWN]:
        print(f"    {what}")


def _short(body: Any) -> str:
    return (body if isinstance(body, str) else json.dumps(body))[:200]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="of load before the kills")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--base", type=int, default=200, help="articles there at the beginning")
    parser.add_argument("--batch", type=int, default=6, help="articles of an ingest")
    parser.add_argument("--away", type=float, default=5.0, help="seconds that what is killed is")
    parser.add_argument("--calm", type=float, default=10.0, help="seconds after each kill")
    parser.add_argument(
        "--patience", type=float, default=20.0, help="seconds until all must be right again"
    )
    parser.add_argument("--at", type=Path, default=None, help="the folder to work in")
    parser.add_argument("--quick", action="store_true", help="20 seconds of load and the kills")
    given = parser.parse_args()
    if given.quick:
        given.minutes, given.base, given.away, given.calm = 1 / 3, 40, 1.5, 1.0
        given.patience = max(given.patience, _PATIENCE_OF_THE_BUSY)
    return given


if __name__ == "__main__":
    sys.exit(main())

"""Reading, cutting and embedding on a Ray cluster. The only module that knows Ray.

Files are taken in windows. For each, one job reads them on the workers, the store is asked which
of their passages have no vector yet, and a second job embeds those. Both run as often as a worker
dies; what they give is stored here, under the write lock, as any ingest's is: so a file, a passage
or a vector that comes twice changes nothing.
"""

from __future__ import annotations

import dataclasses
import logging
import os
import pickle
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from rag.embeddings.embedding import embeddings_named
from rag.errors import MissingPackage, ReadError, SettingsError
from rag.ingest.identity import identified
from rag.passages import split
from rag.reading import File, Reading, read_file
from rag.store import Origin, Store

# The address that stands for workers on this machine alone.
LOCAL = "local"
# Files of one window: their articles are held here until they are stored.
_WINDOW = 2_000
_KNOCK_SECONDS = 5.0
# Files read by one task of the cluster, passages embedded by one, vectors stored in one go.
_FILES, _PASSAGES, _STORED = 16, 256, 2_048

Found = Reading | ReadError
Gathered = tuple[File, Origin, Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Workers that read and embed for an ingest; they see the files under the same paths as here.

    `address` is what Ray calls one: `auto`, `host:port`, `ray://host:port`, or `local` for workers
    on this machine alone. `embedding`, `size` and `overlap` are the settings of the index.
    """

    address: str
    embedding: str
    size: int
    overlap: int

    def gather(self, files: Iterable[tuple[File, Origin]], store: Store) -> Iterator[Gathered]:
        """Each file with what was read of it, in order; the store has all vectors by then.

        Raises:
            MissingPackage: Ray is not installed.
            SettingsError: the cluster cannot be reached.
        """
        ray = _connected(self.address)
        left = iter(files)
        while window := list(islice(left, _WINDOW)):
            read = self._read(ray, [file for file, _ in window])
            texts = (text for _, cut in read for text in cut)
            self._embed(ray, store, store.missing_vectors(texts))
            for (file, origin), (found, _) in zip(window, read, strict=True):
                yield file, origin, found

    def _read(self, ray: Any, files: Sequence[File]) -> list[tuple[list[Found], list[str]]]:
        """What was read of each file and the texts of its passages, in their order."""
        rows = [{"number": number, "file": _packed(file)} for number, file in enumerate(files)]
        read = ray.data.from_items(rows, override_num_blocks=-(-len(rows) // _FILES)).map(
            _read_row, fn_kwargs={"size": self.size, "overlap": self.overlap}, num_cpus=1
        )
        found = {row["number"]: row["found"] for row in read.iter_rows()}
        return [pickle.loads(found[number]) for number in range(len(files))]

    def _embed(self, ray: Any, store: Store, missing: dict[str, str]) -> None:
        if not missing:
            return
        rows = [{"hash": key, "text": text} for key, text in missing.items()]
        blocks = -(-len(rows) // _PASSAGES)
        embedded = ray.data.from_items(rows, override_num_blocks=blocks).map_batches(
            Embedder,
            fn_constructor_args=(self.embedding,),
            batch_size=_PASSAGES,
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=_processors(ray)),
            num_cpus=1,
        )
        for batch in embedded.iter_batches(batch_size=_STORED, batch_format="numpy"):
            store.put_vectors(dict(zip(batch["hash"], batch["vector"], strict=True)))


class Embedder:
    """The model on a worker; it is loaded once for all the batches that the worker takes."""

    def __init__(self, embedding: str) -> None:
        self._embeddings = embeddings_named(embedding)

    def __call__(self, batch: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """The vectors of a batch of texts, by their hashes."""
        vectors = self._embeddings.embed_documents([str(text) for text in batch["text"]])
        return {"hash": batch["hash"], "vector": np.asarray(vectors, dtype=np.float32)}


def _read_row(row: dict[str, Any], *, size: int, overlap: int) -> dict[str, Any]:
    """On a worker: the readings of a file and the texts of their passages, packed."""
    file = _unpacked(row["file"])
    found = [file] if isinstance(file, ReadError) else list(read_file(file))
    articles = [identified(one, "") for one in found if isinstance(one, Reading)]
    cut = [p.text for article in articles for p in split(article, size=size, overlap=overlap)]
    return {"number": row["number"], "found": pickle.dumps((found, cut))}


def _packed(file: File) -> bytes:
    """A file to be sent: its path, or where it has none, its bytes."""
    try:
        data = None if file.path else file.data()
    except (ReadError, OSError) as error:
        return pickle.dumps(ReadError(str(error)))
    return pickle.dumps((file.name, file.path, dict(file.columns), data, file.address))


def _unpacked(packed: bytes) -> File | ReadError:
    sent = pickle.loads(packed)
    if isinstance(sent, ReadError):
        return sent
    name, path, columns, data, address = sent
    file = File.on_disk(path, columns) if path else File.of_bytes(name, data, columns)
    return dataclasses.replace(file, address=address)


def _processors(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _knock(address: str) -> None:
    """See that somebody listens at an address with a port: Ray itself tries that for minutes.

    Raises:
        OSError: nobody does.
        ValueError: the port is none.
    """
    place = urlsplit(address if "://" in address else f"//{address}")
    if place.hostname and place.port:
        socket.create_connection((place.hostname, place.port), _KNOCK_SECONDS).close()


def _connected(address: str) -> Any:
    """Ray, connected to a cluster; a connection that is there already stays."""
    # Both are read when Ray is imported: that its makers are not told how it is used, and that
    # workers of this machine alone listen to nobody else.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if address == LOCAL:
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingPackage(
            "a cluster needs Ray: run `pip install 'dateline[ray]' -c constraints.txt` here and on"
            " its workers"
        ) from error
    if not ray.is_initialized():
        try:
            _knock(address)
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except (OSError, RuntimeError, ValueError) as error:
            raise SettingsError(
                f"no Ray cluster answers at {address!r} ({error}): start one with `ray start"
                f" --head`, or use --ray {LOCAL}"
            ) from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False
    return ray

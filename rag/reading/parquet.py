"""Parquet: one article a row, columns known by name."""

from __future__ import annotations

from collections.abc import Iterator

from rag.errors import ReadError
from rag.reading.file import File
from rag.reading.packages import package
from rag.reading.record import Reading
from rag.reading.rows import check_columns, reading_of

_ROWS = 64
# A row group is unpacked as a whole.
_GROUP = 256 * 2**20


def read_parquet(file: File) -> Iterator[Reading | ReadError]:
    """The articles of a file, a row each; a bad row is an error, the others go on."""
    parquet = package("pyarrow.parquet", extra="parquet")
    with file.open() as stream:
        table = parquet.ParquetFile(stream)
        check_columns(table.schema_arrow.names, file)
        groups = range(table.metadata.num_row_groups)
        if any(table.metadata.row_group(at).total_byte_size > _GROUP for at in groups):
            limit = f"{_GROUP // 2**20} MB"
            yield ReadError(f"{file.name}: a row group is larger than {limit}: write smaller ones")
            return
        number = 0
        for batch in table.iter_batches(batch_size=_ROWS, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                yield reading_of(file, number, row)

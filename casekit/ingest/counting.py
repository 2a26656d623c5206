"""Counts what an import files for its report, and takes back what another import turns out to have filed."""

from __future__ import annotations

from collections.abc import Iterable

from casekit.ingest.expected import lacking, lacking_in
from casekit.ingest.reading import Inside
from casekit.ingest.report import FormatCount, IngestReport, InsideCount
from casekit.ops.columns import ItemColumns
from casekit.ops.items import Filed, NewItem, Row

Weights = tuple[int, int, tuple[Inside, ...]]
"""Bytes of a file, those understood, and what was read of the files inside it."""


class Counting:
    """The counts of one import.

    Attributes:
        mails: Mails filed.
        parts: Exchanges filed that may have others in other files.
    """

    def __init__(self, report: IngestReport) -> None:
        self.mails = 0
        self.parts = 0
        self._report = report
        self._weighed: dict[bytes, Weights] = {}

    def add(self, form: str, heads: Iterable[NewItem | ItemColumns], *, last: bool) -> None:
        """Count items of a file with their problems; `last` says that the file is read to its end."""
        count = self._report.formats.setdefault(form, FormatCount())
        count.files += last
        problems = self._report.problems
        for head in heads:
            if isinstance(head, ItemColumns):
                self._count_columns(count, head, 1)
                self.parts += len(head) - _nulls(head, "joint")
                problems.extend(reported(row) for _, row in head.problems)
                continue
            for member in head.family() if head.children else (head,):
                self._count_one(count, member, 1)
                self.mails += member.mail is not None
                self.parts += member.exchange is not None and "joint" in member.exchange
                problems.extend(map(reported, member.problems))

    def weigh(self, form: str, sha256: bytes, weights: Weights) -> None:
        """Count the bytes of a file that has been read."""
        self._weighed[sha256] = weights
        self._weigh(form, weights, 1)

    def drop(self, dropped: Iterable[Filed]) -> None:
        """Take out of the report what another import, at work at the same time, has filed."""
        for filed in dropped:
            self._report.duplicates += 1
            count = self._report.formats[filed.format]
            count.files -= filed.state == "read"
            self._weigh(filed.format, self._weighed.pop(filed.sha256, (0, 0, ())), -1)
            for member in filed.members():
                if isinstance(member, ItemColumns):
                    self._count_columns(count, member, -1)
                else:
                    self._count_one(count, member, -1)

    def _weigh(self, form: str, weights: Weights, number: int) -> None:
        size, understood, inside = weights
        count = self._report.formats.setdefault(form, FormatCount())
        count.size += number * size
        count.understood += number * understood
        for each in inside:
            held = self._report.inside.setdefault(each.format, InsideCount())
            held.files += number * each.files
            held.size += number * each.size
            held.understood += number * each.understood

    def _count_one(self, count: FormatCount, member: NewItem, number: int) -> None:
        count.items += number
        self._report.items += number
        if member.columns["kind"] == "exchange":
            self._report.exchanges += number
        for word in lacking(member):
            count.missing[word] = count.missing.get(word, 0) + number

    def _count_columns(self, count: FormatCount, found: ItemColumns, number: int) -> None:
        count.items += number * len(found)
        self._report.items += number * len(found)
        kinds = found.item["kind"]
        self._report.exchanges += number * kinds.count("exchange")
        for word, times in lacking_in(found).items():
            count.missing[word] = count.missing.get(word, 0) + number * times


def reported(row: Row) -> Row:
    """A problem as the report keeps it."""
    return {name: value for name, value in row.items() if value is not None and name != "length"}


def _nulls(found: ItemColumns, name: str) -> int:
    column = found.exchange.get(name)
    return len(found) if column is None else column.count(None)

"""One import from first file to report: deposit, read in the worker, file in short transactions."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import orjson
from sqlalchemy.exc import DBAPIError

from casekit.confine import Worker, WorkerCrashed, WorkerFailed, WorkerHung
from casekit.errors import Cancelled, CaseKitError
from casekit.ingest import sources as source_files
from casekit.ingest import templates
from casekit.ingest.columns import Columns
from casekit.ingest.counting import Counting, reported
from casekit.ingest.filing import laid_out, new_item, problem_row, read_after_all
from casekit.ingest.load_set import LoadSets
from casekit.ingest.mail.threads import ThreadInput, assign_threads
from casekit.ingest.pairing import join_parts
from casekit.ingest.parsed import Books, Context, Problem
from casekit.ingest.prefetch import Fetching, Workers, usual_number
from casekit.ingest.provenance import Provenance
from casekit.ingest.queue import Queue
from casekit.ingest.reading import Batch, Inside, argument_for, batch_from
from casekit.ingest.report import IngestReport, fault_of
from casekit.ingest.shortage import shortage_refused
from casekit.ingest.sources import SourceFile
from casekit.ops import items as item_ops
from casekit.ops.columns import digest_columns
from casekit.ops.items import KeptFile, NewItem, Received, Row
from casekit.progress import Progress, Silent
from casekit.queries import mails, parts
from casekit.queries.custody import unfinished_imports
from casekit.queries.problems import Unread
from casekit.store import custody
from casekit.store.bulk import rare_collections
from casekit.store.case import Case
from casekit.store.growing import Growing
from casekit.store.vault import Deposit

AHEAD_BYTES = 64 * 1024 * 1024
"""A file larger than that is not received before the ones in front of it are done."""
AHEAD_FILES = 16
"""Files that may be received before the first of them is done, if they are not larger together than that."""
DERIVING_ROUNDS = 3
READ = "casekit.ingest.reading:read_stream"
FROM_VAULT = "the case's own vault"


def ingest(
    case: Case,
    sources: Sequence[Path],
    progress: Progress | None = None,
    *,
    provenance: Provenance | None = None,
    tables_from: int | None = None,
) -> IngestReport:
    """Take files and folders into the case and read them.

    Every file is copied into the vault before any reader sees it; trouble with a file or a record is a
    problem in the report and never stops the others. Cancelled or killed, everything committed stays,
    and the same call again goes on where it stopped.

    Args:
        case: An open case.
        sources: Files and folders.
        progress: Told bytes done of all bytes, and the file; it may raise `Cancelled`.
        provenance: What is known of the files' history.
        tables_from: Make the tables for analytics on the way, if there are at least so many bytes to read.
    """
    shown = [source_files.displayed(str(s)) for s in sources]

    def work(run: _Run) -> str:
        return run.all_files(sources, tables_from)

    return _import(case, shown, progress, provenance, work)


def read_again(
    case: Case, originals: Sequence[Unread], progress: Progress | None = None
) -> IngestReport:
    """Read originals that lie in the vault once more, such as those whose reading broke off.

    Where a reading broke off it goes on. An original that was read to its end is read from its first byte:
    what the case has already is not filed twice, whatever a reader would make of the same bytes now, save
    what was kept and not read, in families too; what is new is filed beside it. Safe to cancel and repeat.

    Args:
        case: An open case.
        originals: Which, by `queries.problems.unread`.
        progress: Told bytes done of all bytes, and the file; it may raise `Cancelled`.
    """
    return _import(case, [FROM_VAULT], progress, None, lambda run: run.all_again(originals))


def _import(
    case: Case, shown: list[str], progress: Progress | None, provenance: Provenance | None,
    work: Callable[[_Run], str],
) -> IngestReport:  # fmt: skip
    workers = Workers(lambda: Worker(preload=("casekit.ingest.reading",)), usual_number())
    with contextlib.closing(workers), shortage_refused(), rare_collections():
        with case.write(polite=True) as s:
            run_id = item_ops.start_run(s, orjson.dumps(shown).decode(), workers.level)
        queue = Queue(case, run_id)
        run = _Run(case, workers, queue, progress or Silent(), provenance or Provenance())
        try:
            state = work(run)
            queue.close(finished=state == "finished")
            run.find_threads()
            run.find_joins()
        except BaseException as error:
            state = "cancelled" if isinstance(error, KeyboardInterrupt) else "failed"
            try:
                queue.close(finished=False)
            except Exception as other:  # noqa: BLE001 - told beside it
                error.add_note(f"and at its end: {other!r}")
            with contextlib.suppress(DBAPIError):  # what stopped the import is what must be told
                run.finish(run_id, state)
            raise
        run.finish(run_id, state)
    return run.report


@dataclass(slots=True)
class _Taken:
    """A file that has been received and waits for its turn.

    Attributes:
        file: Where it came from.
        deposit: Its bytes in the vault.
        fetching: What a worker makes of it; None if nothing is to be read, or nothing has begun.
        skip: Its top-level items that are in the case already.
        begun: Whether it is known if it must be read.
        again: It lies in the vault already and is to be read once more.
        known: Pointers and kinds of its top-level items, if it is read once more from its first byte.
        kept: Then, by pointer, the files inside it that are kept and not read.
        model: Which model made it, where the provenance of this import does not say.
        trouble: What was wrong with it when it was received.
        ending: Ends the reading.
    """

    file: SourceFile
    deposit: Deposit
    fetching: Fetching | None = None
    skip: int = 0
    begun: bool = False
    again: bool = False
    known: dict[str, str] | None = None
    kept: dict[str, KeptFile] = field(default_factory=dict)
    model: str = ""
    trouble: Problem | None = None
    ending: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)


class _Run:
    """The state of one import."""

    def __init__(
        self, case: Case, workers: Workers, queue: Queue, progress: Progress, provenance: Provenance
    ) -> None:
        self.report = IngestReport(confinement=workers.level)
        self._case = case
        self._workers = workers
        self._queue = queue
        self._progress = progress
        self._provenance = provenance
        self._done = 0  # bytes of files finished, and of the file at work
        self._within = 0
        self._total = 0
        self._cut_short = _any_cut_short(case)
        self._sets = LoadSets(case, ())
        self._counting = Counting(self.report)
        self._read_any = False  # of the file at work, anything that is not only kept
        self._templates = templates.for_context()
        self._started = time.monotonic()

    def all_files(self, sources: Sequence[Path], tables_from: int | None) -> str:
        """Take in every file; returns the state the import ends in."""
        found = list(source_files.find(sources, self._case.folder))
        size = sum(f.size for f in found if not isinstance(f, Problem))
        if tables_from is not None and size >= tables_from:
            self._queue.growing = Growing(self._case)
        with contextlib.closing(LoadSets(self._case, found)) as self._sets:
            return self._one_by_one(self._sets.first)

    def all_again(self, originals: Sequence[Unread]) -> str:
        """Read originals of the vault once more; returns the state it ends in."""
        return self._one_by_one(originals)

    def _one_by_one(self, found: Sequence[SourceFile | Problem | Unread]) -> str:
        """Files are read side by side and filed one after the other, in their order."""
        taken: deque[_Taken] = deque()
        try:
            files = [f for f in found if not isinstance(f, Problem)]
            self._total = sum(f.size for f in files)
            for first in files[:1]:  # before it is received, which may take long
                self._progress.step(0, self._total, _shown(first))
            for each in found:
                if isinstance(each, Problem):
                    self._finish_all(taken)
                    self._trouble(each, "", b"")
                    continue
                while taken and not self._has_room(taken, each.size):
                    self._finish(taken)
                if isinstance(each, Unread):
                    self._take_again(each, taken)
                else:
                    self._take(each, taken)
                    if self._sets.is_one(each):  # what it links to is part of its items
                        self._finish_all(taken)
            self._finish_all(taken)
            self._progress.step(self._done, self._total, "")
        except Cancelled:
            self.report.cancelled = True
        finally:
            for one in taken:
                one.ending.close()
        self._counting.drop(self._queue.flush())
        return "cancelled" if self.report.cancelled else "finished"

    def _has_room(self, taken: Sequence[_Taken], size: int) -> bool:
        """Whether a file may be received before the first of those in front of it is done."""
        together = size + sum(one.file.size for one in taken)
        small = len(taken) < AHEAD_FILES and together <= AHEAD_BYTES
        return size <= AHEAD_BYTES and (small or len(taken) < self._workers.most)

    def find_threads(self) -> None:
        """Put the case's mails into threads anew, if this import brought any, or one before was cut short.

        Once more where the case has changed meanwhile: another import may have done the same between
        our reading and our writing, and knew mails that we did not.
        """
        for _ in range(DERIVING_ROUNDS if self._counting.mails or self._cut_short else 0):
            with self._case.read(whole=True) as s:
                head = custody.head(s)
                known = [
                    ThreadInput(
                        m.item_id, m.message_id, m.references, m.in_reply_to, m.subject, m.sent_us
                    )
                    for m in mails.thread_headers(s)
                ]
            threads = assign_threads(known)
            with self._case.write() as s:
                item_ops.set_threads(s, threads)
            if self._case.head() == head:
                return

    def find_joins(self) -> None:
        """Join anew what stands in different files, if this import brought any part of such; likewise."""
        for _ in range(DERIVING_ROUNDS if self._counting.parts or self._cut_short else 0):
            with self._case.read(whole=True) as s:
                head = custody.head(s)
                joins = join_parts(parts.batches(s), parts.shared(s))
            with self._case.write() as s:
                item_ops.set_joins(s, joins)
            if self._case.head() == head:
                return

    def finish(self, run_id: int, state: str) -> None:
        """Put the report on record."""
        self.report.seconds = time.monotonic() - self._started
        with self._case.write() as s:
            item_ops.finish_run(s, run_id, state, orjson.dumps(self.report.as_json()).decode())

    def _take(self, file: SourceFile, taken: deque[_Taken]) -> None:
        """Receive a file and let a worker begin with it, unless it has become part of an item."""
        if self._sets.has(file):
            return
        supplied = self._provenance.supplied_hash(file.shown)
        kind = supplied.partition(":")[0]
        try:
            also = (kind,) if kind in {"md5", "sha1"} else ()
            deposit = self._case.vault.deposit(file.path, also=also, settle=False)
        except Cancelled:
            raise
        except CaseKitError as error:
            self._finish_all(taken)
            self._trouble(Problem("receive", "unreadable", str(error)), file.shown, b"")
            self._done += file.size
            return
        one = _Taken(file, deposit)
        # The same bytes once more: what becomes of them is known when the first have been read.
        twice = any(deposit.sha256 == other.deposit.sha256 for other in taken)
        taken.append(one)
        if not twice:
            self._begin(one)
        one.trouble = self._receive(file, deposit, supplied)

    def _take_again(self, each: Unread, taken: deque[_Taken]) -> None:
        file = SourceFile(Path(each.path), each.path, each.size, 0)
        one = _Taken(file, Deposit(each.sha256, each.size, new=False), again=True, model=each.model)
        taken.append(one)
        self.report.files += 1
        self.report.bytes_total += each.size
        self._begin(one)

    def _begin(self, one: _Taken) -> None:
        state, one.skip = self._queue.state_of(one.deposit.sha256)
        one.begun = True
        if state == "read":
            if not one.again:
                return
            with self._case.read(whole=True) as s:
                one.known = item_ops.known_heads(s, one.deposit.sha256)
                one.kept = item_ops.kept_files(s, one.deposit.sha256)
            one.skip = 0
            self._queue.reopen(one.deposit.sha256)
        context = Context(
            name=one.file.path.name,
            folder=one.file.path.parent.name,
            model=self._provenance.model or one.model,
            mapping=self._provenance.mapping,
            skip=one.skip,
            templates=self._templates,
        )
        original = self._case.vault.open(one.deposit.sha256)
        one.fetching = one.ending.enter_context(
            self._workers.read(READ, original, argument_for(context))
        )

    def _finish_all(self, taken: deque[_Taken]) -> None:
        while taken:
            self._finish(taken)

    def _finish(self, taken: deque[_Taken]) -> None:
        """File what was read of the file whose turn it is."""
        one = taken[0]
        self._within = 0
        self._tell(one.file)
        if one.trouble is not None:
            self._trouble(one.trouble, one.file.shown, one.deposit.sha256)
        if not one.begun:
            self._begin(one)
        if one.fetching is None:
            self.report.duplicates += 1
            self.report.bytes_accounted += one.deposit.size
        else:
            self._read(one, one.fetching)
            for problem, path in self._sets.extra(one.file):
                self._trouble(problem, path, one.deposit.sha256)
        one.ending.close()
        taken.popleft()
        self._done += one.file.size
        self._counting.drop(self._queue.flush_if_due())

    def _receive(self, file: SourceFile, deposit: Deposit, supplied: str) -> Problem | None:
        self.report.files += 1
        self.report.bytes_total += deposit.size
        match = None
        if supplied:
            kind, _, value = supplied.partition(":")
            own = deposit.sha256.hex() if kind == "sha256" else getattr(deposit, kind)
            match = "yes" if own == value else "no"
        columns: Row = {
            "path": file.shown,
            "modified_us": file.modified_us,
            **self._provenance.columns(),
            "supplied_hash": supplied or None,
            "supplied_match": match,
        }
        self._queue.receive(
            Received(deposit.sha256, deposit.size, self._provenance.custodian, columns)
        )
        if match != "no":
            return None
        text = f"The {kind.upper()} supplied with the file is not that of the bytes received."
        return Problem("receive", "supplied-hash-differs", text)

    def _read(self, one: _Taken, fetching: Fetching) -> None:
        """File what is read of an original; whatever goes wrong costs this file only."""
        file, deposit = one.file, one.deposit
        books: Books | None = None
        form = "unknown"
        inside: tuple[Inside, ...] = ()
        self._read_any = False
        plain = one.known is None and not self._sets.is_one(file)
        try:
            for frame in fetching.frames(lambda: self._tell(file)):
                batch = batch_from(frame, columns=plain)
                form, books, inside = batch.format, batch.books or books, batch.inside
                self._file(batch, one)
                self._counting.drop(self._queue.flush_if_due())
                if self._queue.is_elsewhere(deposit.sha256):
                    break
        except (WorkerCrashed, WorkerHung, WorkerFailed, msgspec.ValidationError) as error:
            books, fault = None, fault_of(error)
            if one.known is None:
                self._queue.file(deposit.sha256, form, "failed", [])
            else:  # it stays an original that was read, and this a problem until it is read once more
                fault = msgspec.structs.replace(fault, stage="read-again")
            self._trouble(fault, file.shown, deposit.sha256)
        # What a fault left unread is kept as it is: quarantined whole.
        self.report.bytes_accounted += (
            deposit.size if books is None else min(books.total, deposit.size)
        )
        if not self._queue.is_elsewhere(deposit.sha256):
            if one.known is not None and books is not None:
                self._queue.read_again(deposit.sha256)
            read = self._read_any or one.skip
            understood = books.understood if books and read else 0
            self._counting.weigh(form, deposit.sha256, (deposit.size, understood, inside))

    def _file(self, batch: Batch, one: _Taken) -> None:
        if batch.columns is not None:
            self._file_columns(batch, batch.columns, one)
            return
        file, deposit = one.file, one.deposit
        heads = [new_item(parsed, file.shown) for parsed in batch.items]
        self._sets.complete(file, heads, self._take_part)
        self._read_any |= any(head.columns["kind"] != "file" for head in heads)
        grafts = read_after_all(heads, one.known or {}, one.kept, deposit.sha256)
        if one.known is not None:
            heads = self._new_ones(heads, one.known, deposit)
        for head in heads:
            item_ops.digest_family(head, deposit.sha256)
        state = "read" if batch.books or one.known is not None else "reading"
        self._queue.file(deposit.sha256, batch.format, state, heads, grafts)
        for problem in batch.problems:
            self._trouble(problem, file.shown, deposit.sha256)
        new = [*heads, *(each for graft in grafts for each in graft.read)]
        self._counting.add(batch.format, new, last=batch.books is not None)
        if batch.items and batch.items[-1].steps:
            step = batch.items[-1].steps[0]
            if step.how == "slice":
                self._within = step.offset + step.length
                self._tell(file)

    def _file_columns(self, batch: Batch, columns: Columns, one: _Taken) -> None:
        """File plain records of a file that is read for the first time, and stands by itself."""
        file, sha256 = one.file, one.deposit.sha256
        self._read_any = True
        heads = laid_out(columns, file.shown)
        digest_columns(heads, sha256)
        self._queue.file(sha256, batch.format, "read" if batch.books else "reading", [heads])
        for problem in batch.problems:
            self._trouble(problem, file.shown, sha256)
        self._counting.add(batch.format, [heads], last=batch.books is not None)
        if not columns.above:
            self._within = columns.offset[-1] + columns.size[-1]
            self._tell(file)

    def _take_part(self, file: SourceFile, deposit: Deposit, form: str) -> None:
        """Receive a file that is part of an item: it makes no item of its own."""
        self._receive(file, deposit, "")
        if not self._queue.state_of(deposit.sha256)[0]:
            self._queue.file(deposit.sha256, form, "read", [])
        self._counting.weigh(form, deposit.sha256, (deposit.size, deposit.size, ()))
        self.report.bytes_accounted += deposit.size
        self._done += file.size
        self._tell(file)

    def _new_ones(
        self, heads: list[NewItem], known: dict[str, str], deposit: Deposit
    ) -> list[NewItem]:
        """Those of an original's items that the case has not; what is still only kept says so again."""
        found = []
        for head in heads:
            kind = known.get(head.columns["pointer"])
            if kind is None or (kind == "file" != head.columns["kind"]):
                found.append(head)
            elif kind == "file":
                for row in head.problems:
                    self.report.problems.append(reported(row))
                    self._queue.trouble(deposit.sha256, row)
        return found

    def _tell(self, file: SourceFile) -> None:
        self._progress.step(self._done + self._within, self._total, file.shown)

    def _trouble(self, problem: Problem, path: str, sha256: bytes) -> None:
        row = problem_row(problem, path)
        self.report.problems.append(reported(row))
        self._queue.trouble(sha256, row)


def _shown(file: SourceFile | Unread) -> str:
    return file.path if isinstance(file, Unread) else file.shown


def _any_cut_short(case: Case) -> bool:
    """Whether an import never came to its end, so that what is derived from its items may be missing."""
    with case.read(whole=True) as s:
        return unfinished_imports(s) > 1  # this one is among them

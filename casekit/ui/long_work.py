"""Work that takes long or asks first: import, index, verify, dossier, list, similar items, many tags."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from casekit.errors import Cancelled, CaseKitError
from casekit.i18n import tr, tr_count
from casekit.progress import Progress
from casekit.sentences import both, translated
from casekit.ui import conflicting, verifying
from casekit.ui.asking_again import until_taken
from casekit.ui.mapping import MapFields
from casekit.ui.reports import Reports

if TYPE_CHECKING:
    from casekit.dossier.spec import DossierSpec
    from casekit.ingest import IngestReport, Provenance
    from casekit.ingest.preview import Preview
    from casekit.jobs.recognise import RecognitionReport
    from casekit.queries.runs import RunRow
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window


class LongWork:
    """Starts it and shows what came of it."""

    def __init__(self) -> None:
        self._similar: tuple[int, list[tuple[int, float | None]]] | None = None
        self._rank = 0

    # -- import and index -------------------------------------------------------------------------

    def import_files(self, window: Window, sources: list[Path]) -> None:
        """Ask what is known of the files, import them, show the report, then index."""
        shell = window.shell
        if shell is None:
            return
        case = shell.case

        def act(known: dict[str, str], again: Again) -> None:
            def work(progress: Progress) -> IngestReport:
                from casekit.jobs.intake import take_in

                return take_in(case, sources, progress, provenance=_provenance(known))

            stopped = self._stopped(window, refused=again)
            shell.jobs.start(tr("Importing"), work, done, stopped, lane="long")

        def done(report: IngestReport) -> None:
            self._imported(window, report, tr("Imported. "))

        until_taken(window, lambda: window.ask.provenance(sources), act)

    def read_again(self, window: Window) -> None:
        """Read the files of the problems that are listed again, or of all where no problems are listed."""
        shell, workspace = window.shell, window.workspace
        if shell is None or workspace is None:
            return
        case = shell.case
        wanted = workspace.problems.wanted if workspace.scope.kind == "problems" else None

        def work(progress: Progress) -> IngestReport:
            from casekit.jobs.intake import take_in_again

            return take_in_again(case, wanted, progress)

        def done(report: IngestReport) -> None:
            self._imported(window, report, tr("Read again. "))

        shell.jobs.start(tr("Reading again"), work, done, self._stopped(window), lane="long")

    def _imported(self, window: Window, report: IngestReport, head: str) -> None:
        self._refresh(window)
        said = tr(
            "Files: {files} · items: {items} · problems: {problems}",
            files=report.files,
            items=report.items,
            problems=len(report.problems),
        )
        nothing = not report.files and not report.cancelled and bool(report.problems)
        if nothing:  # why, at once: nobody looks for it in a report of nothing
            head = tr("Nothing was taken in. ")
            said = translated(str(report.problems[0]["text"]))
        if report.cancelled:
            head = tr("Import stopped; what was finished is kept. ")
        tone = "bad" if nothing else "warn" if report.problems or report.cancelled else "ok"
        window.notice.show_text(
            head + said,
            tone,
            offer=tr("Show the report"),
            run=lambda: self.show_reports(window),
        )
        if not report.cancelled:
            self.index(window)

    def map_fields(self, window: Window, file: Path) -> None:
        """Look at a file of records, ask what its columns are, keep the mapping, import the file."""
        shell = window.shell
        if shell is None:
            return

        def looking(mapping: str) -> Callable[[Progress], Preview]:
            def look(_progress: Progress) -> Preview:
                from casekit.confine import Worker
                from casekit.ingest.preview import preview

                with Worker() as worker, file.open("rb") as f:
                    return preview(worker, f.fileno(), file.name, mapping)

            return look

        def ask(seen: Preview) -> None:
            if not seen.columns:
                window.say(tr("{name} holds no records with columns.", name=file.name))
                return
            dialog = MapFields(window, file.name, seen, mapping_targets(), look_again, save_mapping)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(lambda: self.import_files(window, [file]))
            dialog.finished.connect(lambda _how: shown.clear())
            shown.append(dialog)
            dialog.open()

        def look_again(mapping: str) -> None:
            def tried(found: Preview) -> None:
                for dialog in shown:
                    dialog.show_rows(found)

            def refused(error: CaseKitError) -> None:
                for dialog in shown:
                    dialog.refuse(error)

            shell.jobs.start(
                tr("Trying the mapping"), looking(mapping), tried, refused, lane="page"
            )

        shown: list[MapFields] = []
        label = tr("Looking at {name}", name=file.name)
        shell.jobs.start(label, looking(""), ask, window.refuse, lane="page")

    def show_reports(self, window: Window) -> None:
        """Show what each import did, the last one first; the case keeps their reports for ever."""
        shell = window.shell
        if shell is None:
            return

        def query(s: Any) -> list[RunRow]:
            from casekit.queries import runs

            return runs.runs(s)

        def arrived(found: list[RunRow]) -> None:
            if found:
                Reports(window, found).open()
            else:
                window.say(tr("Nothing has been imported into this case yet."))

        shell.read("reports", query, arrived)

    def index(self, window: Window) -> None:
        """Index by word and by meaning, as a job of its own."""
        shell = window.shell
        if shell is None:
            return
        case = shell.case

        def work(progress: Progress) -> Any:
            from casekit.search import index_pending

            return index_pending(case, progress)

        def done(_report: Any) -> None:
            if window.workspace is not None:
                window.workspace.refresh()

        shell.jobs.start(
            tr("Indexing"),
            work,
            done,
            self._stopped(window, lambda: self.index(window)),
            lane="long",
        )

    def recognise(self, window: Window) -> None:
        """Ask for the language, read the pages without text of the items in the list, say what came of it."""
        shell, workspace = window.shell, window.workspace
        if shell is None or workspace is None:
            return
        case, ids = shell.case, workspace.model.ids.tolist()

        def act(asked: tuple[str, str], again: Again) -> None:
            def work(progress: Progress) -> RecognitionReport:
                from casekit.jobs.recognise import recognise

                return recognise(case, ids, progress, language=asked[0], engine=asked[1])

            stopped = self._stopped(window, refused=again)
            shell.jobs.start(tr("Recognising text"), work, done, stopped, lane="long")

        def done(report: RecognitionReport) -> None:
            self._refresh(window)
            lines = [
                (tr("Read by"), report.engine),
                (tr("Items"), f"{report.items:,}"),
                (tr("Pages read"), f"{report.pages:,}"),
                (tr("Pages with text"), f"{report.with_text:,}"),
                (tr("Pages that could not be read"), f"{len(report.failed):,}"),
            ]
            text = "\n".join(
                tr("Item {id}, page {page}: {why}", id=id_, page=page, why=translated(why))
                for id_, page, why in report.failed[:500]
            )
            window.ask.report(tr("Text recognition"), tr("Text recognition"), lines, text)

        until_taken(window, lambda: window.ask.recognition(len(ids)), act)

    # -- checking and writing ---------------------------------------------------------------------

    def verify(self, window: Window) -> None:
        """Verify the case and show the outcome."""
        shell = window.shell
        if shell is None:
            return
        case = shell.case

        def work(progress: Progress) -> Any:
            from casekit.jobs.verify import verify

            return verify(case, progress)

        def done(report: Any) -> None:
            head = (
                tr("Everything is as it was received")
                if report.ok
                else tr("{n} things are damaged", n=len(report.damaged))
            )
            window.ask.report(
                tr("Verification"), head, verifying.figures(report), verifying.told(report)
            )
            self._refresh(window)

        shell.jobs.start(tr("Verifying"), work, done, self._stopped(window), lane="long")

    def dossier(self, window: Window) -> None:
        """Ask for title and file, write the dossier, show its folder."""
        shell, workspace = window.shell, window.workspace
        if shell is None or workspace is None or workspace.contents is None:
            return
        if not workspace.contents.exhibits:
            raise CaseKitError(
                "There is no exhibit yet: choose an item and press E, then make the dossier."
            )
        title, folder = workspace.contents.matter.title, shell.case.folder.parent

        def act(asked: tuple[DossierSpec, bool, Path, Path | None], again: Again) -> None:
            spec, issue, out, sealed = asked
            self.write_dossier(window, spec, out, issue=issue, sealed=sealed, again=again)

        until_taken(window, lambda: window.ask.dossier(title, folder), act)

    def write_dossier(
        self, window: Window, spec: DossierSpec, out: Path, *, issue: bool,
        sealed: Path | None = None, again: Again | None = None,
    ) -> None:  # fmt: skip
        """Write a dossier, and its sealed copy if there is to be one; show its folder."""
        shell = window.shell
        if shell is None:
            return
        case = shell.case

        def work(progress: Progress) -> Any:
            from casekit.jobs import dossier, two_copies

            if sealed is not None:
                return two_copies.write_two(case, spec, out, sealed, progress, issue=issue)[0]
            return dossier.write(case, spec, out, progress, issue=issue)

        def done(rendered: Any) -> None:
            self._refresh(window)
            pages = tr_count("1 page", "{n} pages", rendered.pages)
            said = tr("Dossier written: {pages}, {name}", pages=pages, name=out.name)
            if count := len(rendered.parts):
                parts = tr_count("1 part", "{n} parts", count)
                said = tr("Dossier written: {pages} in {parts}", pages=pages, parts=parts)
            if sealed is not None:
                said += " · " + tr("sealed copy: {name}", name=sealed.name)
            doubts = tuple(rendered.problems)
            if doubts:
                said += " · ▲ " + tr_count(
                    "1 thing to look at", "{n} things to look at", len(doubts)
                )
            window.notice.show_text(
                said, "warn" if doubts else "ok", offer=tr("Show the folder"),
                run=lambda: show_folder(out.parent),
            )  # fmt: skip
            if doubts:  # before the folder, where it would be missed
                _show_doubts(window, out, doubts)
            else:
                show_folder(out.parent)

        stopped = self._stopped(window, refused=again)
        shell.jobs.start(tr("Writing the dossier"), work, done, stopped, lane="long")

    def spreadsheet(self, window: Window) -> None:
        """Ask for a file and write the list as it stands."""
        shell, workspace = window.shell, window.workspace
        if shell is None or workspace is None:
            return
        given = shell.case.folder.parent / f"{shell.case.name} list.xlsx"
        out = window.ask.save_file(tr("List as XLSX"), given, "XLSX (*.xlsx)")
        if out is None:
            return
        case, ids = shell.case, workspace.model.ids.copy()

        def work(progress: Progress) -> int:
            from casekit.ui import xlsx

            return xlsx.write_list(case, ids, out, progress)

        def done(rows: int) -> None:
            written = tr_count("1 row", "{n} rows", rows)
            said = tr("{rows} written to {name}", rows=written, name=out.name)
            window.notice.show_text(
                said, "ok", offer=tr("Show the folder"), run=lambda: show_folder(out.parent)
            )

        shell.jobs.start(tr("Writing the list"), work, done, self._stopped(window), lane="long")

    def sample(self, window: Window) -> None:
        """Build the sample matter in the user's folder unless it is there, and open it."""
        folder = Path.home() / "CaseKit demo"

        def work(progress: Progress) -> Path:
            from casekit.jobs import demo

            return demo.run(folder, lambda step: _Named(progress, step)).case

        window.welcome.show_progress(tr("Building the sample matter …"))
        job = window.jobs.start(
            tr("Building the sample matter"), work, window.open_case, window.refuse, lane="long"
        )
        window.welcome.watch(job)

    # -- many items -------------------------------------------------------------------------------

    def tag_many(self, window: Window, ids: list[int], name: str) -> None:
        """Show what a tag would change on many items, then put it on or take it off in one act."""
        from casekit.ui.tagging import TagMany

        workspace, shell = window.workspace, window.shell
        if workspace is None or shell is None or workspace.contents is None or not ids:
            return
        TagMany(window, shell, workspace.contents.tags, ids, name).open()

    def similar(self, window: Window, step: int, *, unjudged: bool = False) -> None:
        """Show the item beside the next or previous one like it; a step of 0 begins.

        With `unjudged` the next one is shown that the user has not judged, or this one where all are.
        """
        from casekit.ui import likeness

        shell, workspace = window.shell, window.workspace
        if shell is None or workspace is None or shell.selection.view is None:
            return
        view, case = shell.selection.view, shell.case
        item_id = view.row.id
        known = (
            self._similar[1] if self._similar is not None and self._similar[0] == item_id else None
        )
        before = self._rank if known is not None else 0
        self._rank = (
            0 if step == 0 or known is None else min(max(self._rank + step, 0), len(known) - 1)
        )
        rank = self._rank
        compare = workspace.compare
        if known is None:
            compare.say(tr("Looking for similar items …"))

        def work(_progress: Progress) -> Any:
            hits = known if known is not None else likeness.similar_ids(case, view)
            if not hits:
                return hits, None
            at = likeness.next_unjudged(case, item_id, hits, before) if unjudged else rank
            return hits, likeness.pair(case, view, hits, before if at is None else at)

        def done(found: Any) -> None:
            if shell.selection.current != item_id or window.workspace is not workspace:
                return
            hits, pair = found
            self._similar = (item_id, hits)
            if pair is None:
                compare.say(
                    tr(
                        "No similar item was found. Texts that are not indexed yet cannot be "
                        "compared: use Index for search."
                    )
                )
            else:
                self._rank = pair.rank - 1
                compare.show_pair(pair)

        def failed(error: CaseKitError) -> None:
            compare.say("▲ " + translated(error))

        shell.jobs.start("similar", work, done, failed)

    # -- inside -----------------------------------------------------------------------------------

    def _stopped(
        self, window: Window, again: Callable[[], None] | None = None, refused: Again | None = None
    ) -> Callable[[CaseKitError], None]:
        """What is told where work stops; what was cancelled and can go on where it stopped offers so.

        `refused` asks again, after what is shown has been read again.
        """

        def stopped(error: CaseKitError) -> None:
            self._refresh(window)
            if not conflicting.asked(window, error):
                (refused or window.refuse)(error)
            if again is not None and isinstance(error, Cancelled):
                window.notice.show_text(translated(error), "quiet", offer=tr("Go on"), run=again)

        return stopped

    def _refresh(self, window: Window) -> None:
        if window.workspace is not None:
            window.workspace.refresh()


class _Named:
    """A progress that puts the step's name before what the step reports."""

    def __init__(self, below: Progress, name: str) -> None:
        self._below, self._name = below, name

    def step(self, done: int, total: int | None, text: str) -> None:
        """Pass on."""
        name = translated(self._name)
        self._below.step(done, total, f"{name}: {translated(text)}" if text else name)


def _show_doubts(window: Window, out: Path, doubts: Sequence[str]) -> None:
    """Show what the maker of a dossier must look at before it goes out; does not block."""
    head = tr("Look at this before the dossier goes out")
    lines = [(tr("Dossier"), str(out)), (tr("To look at"), f"{len(doubts):,}")]
    window.ask.report(tr("Dossier"), head, lines, "\n\n".join(map(both, doubts)))


def _provenance(known: dict[str, str]) -> Provenance:
    from casekit.ingest import Provenance

    return dataclasses.replace(Provenance(), **known)  # type: ignore[arg-type]


def mapping_targets() -> tuple[str, ...]:
    """What a column may become."""
    from casekit.ingest.dialects.mapped import TARGETS

    return TARGETS


def save_mapping(name: str, columns: tuple[str, ...], mapping: str) -> None:
    """Keep a mapping for the next file with these columns.

    Raises:
        CaseKitError: It has no name, or is no mapping.
    """
    from casekit.ingest import templates

    templates.save(templates.Template(name, columns, mapping))


def show_folder(folder: Path) -> None:
    """Open a folder in the system's own window."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

"""The dossier window: what the dossier shall hold, edited and kept in the case, with its pages beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QShortcut

from casekit.dossier.gaps import Gap, for_draft
from casekit.dossier.spec import DossierSpec, decode, in_use
from casekit.dossier.wording import wording
from casekit.errors import Cancelled, CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui import comparing, conflicting, verbs
from casekit.ui.editor_frame import Frame, FrameWants
from casekit.ui.outline import Outline, OutlineWants
from casekit.ui.preview_pane import PreviewPane, PreviewWants
from casekit.ui.spec_forms import Around, Forms, FormWants
from casekit.ui.spec_places import with_value

if TYPE_CHECKING:
    from casekit.jobs.preview import Seen
    from casekit.ops.journal import Changes
    from casekit.queries.exhibits import ExhibitRow
    from casekit.queries.matter import MatterRow
    from casekit.queries.specs import SpecRow
    from casekit.ui.jobs import Job
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window

PREVIEW_MS = 200  # after the last key until the pages are planned again
SAVE_MS = 700  # until it is written into the case
POLL_MS = 100
PRINTED = frozenset(["specs", "exhibits", "matter", "privilege", "redactions", "times", "findings", "items",
                     "pseudonyms"])  # fmt: skip


class Editor(Frame):
    """One dossier of the open case at a time; every change is kept in the case by itself."""

    def __init__(self, window: Window, shell: Shell) -> None:
        from casekit.jobs.preview import Preview

        self._window, self._shell = window, shell
        self.spec = DossierSpec()
        self.name = tr("Dossier")
        self._altered = False  # changed since it was kept
        self._latest: dict[str, bytes] = {}  # what a write that waits for its turn writes
        self._writing = 0
        self._writes = 0
        self._rows: dict[str, SpecRow] = {}
        self._exhibits: tuple[ExhibitRow, ...] = ()
        self._matter: MatterRow | None = None
        self.gaps: tuple[Gap, ...] = ()
        self._acts: list[int] = []
        self._undone: list[int] = []
        self._planned: DossierSpec | None = None
        self._at: int | str = 1
        self._job: Job[Any] | None = None
        self.leaving = False
        self.preview = Preview(shell.case)
        self.outline = Outline(
            OutlineWants(
                partial(self._put, "profile"), self._sections, self._exhibits_chosen, self.go_to
            )
        )
        self.forms = Forms(FormWants(self._edited, lambda: verbs.edit_matter(window)))
        self.pane = PreviewPane(PreviewWants(self._show, self._choose_section))
        super().__init__(window, self._frame_wants(), (self.outline, self.forms, self.pane))
        self._later = self._timer(PREVIEW_MS, self._replan)
        self._saving = self._timer(SAVE_MS, self.save)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(lambda: self.strip.show_jobs(shell.jobs.long))
        self._poll.start()
        QShortcut("Ctrl+Z", self, self.undo)
        QShortcut("Ctrl+Shift+Z", self, self.redo)
        QShortcut("F6", self, self.next_pane)
        QShortcut("F1", self, lambda: window.ask.handbook("dossier"))
        shell.bus.changed.connect(self._changed)
        shell.bus.refreshed.connect(self.read)
        shell.ends.append(self.leave)
        shell.jobs.start("warm", lambda _p: self.preview.warm(), lane="page")
        self.read(first=True)

    def _frame_wants(self) -> FrameWants:
        return FrameWants(
            choose=self.open, new=self.new, copy=self.copy, rename=self.rename, delete=self.delete,
            bring=self.bring, give=self.give, compare=self.compare, template=self.template,
            undo=self.undo, redo=self.redo,
            draft=lambda: self.write(issue=False), issue=lambda: self.write(issue=True),
            mend=self.mend,
        )  # fmt: skip

    def _timer(self, wait: int, run: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait)
        timer.timeout.connect(run)
        return timer

    def read(self, *, first: bool = False, then: Callable[[], None] | None = None) -> None:
        """Read the case's saved dossiers, its exhibits and its matter again."""

        def query(s: Any) -> tuple[Any, Any, Any]:
            from casekit.queries import exhibits, matter, specs

            return specs.saved_specs(s), exhibits.exhibits(s), matter.get(s)

        asked = self._writes

        def arrived(found: tuple[list[SpecRow], list[ExhibitRow], MatterRow]) -> None:
            if self.leaving:
                return
            if (
                self._writing or asked != self._writes
            ):  # what was read is older than what was written
                self.read(first=first, then=then)
                return
            rows, self._exhibits, self._matter = found[0], tuple(found[1]), found[2]
            self._rows = {row.name: row for row in rows}
            if first and rows:
                self.name = rows[0].name
            self._take(shown=first)
            if then is not None:
                then()

        self._shell.read("dossiers", query, arrived)

    def _take(self, *, shown: bool) -> None:
        """Show what the case has under this name, unless the user is changing it."""
        ours = self._altered or self._writing > 0
        if not ours and self.name not in self._rows:  # none yet, taken away or renamed
            self.name = next(iter(self._rows), tr("Dossier"))
        row = self._rows.get(self.name)
        if not ours:
            try:
                found = decode(row.spec, unfinished=True) if row is not None else DossierSpec()
            except CaseKitError as error:
                self._window.refuse(error)
                self.say(error)
                return
            shown = shown or found != self.spec
            self.spec = found
        self.show_names([*self._rows] or [self.name], self.name)
        self.outline.show_spec(self.spec, self._exhibits)
        if shown or not self.forms.section:
            section = self.forms.section or "cover"
            self.forms.show_section(section, self.spec, self._around())
            self.outline.sections.choose(section)
        self._planned = None
        self._later.start()

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Keep the dossier in the case if it has changed."""
        from casekit.ops import specs

        self._saving.stop()
        if not self._altered:
            if then is not None:
                then()
            return
        name = self.name
        self._latest[name] = self.spec.encoded()
        self._altered = False
        self._writing += 1

        def done(changes: Changes) -> None:
            self._written()
            if changes.undo is not None:
                self._acts.append(changes.undo)
                self._undone.clear()
            if self.leaving:
                return
            self.say(tr("Kept in the case."))
            if then is not None:
                then()

        def failed(error: CaseKitError) -> None:
            self._written()
            self._altered = True
            if not self.leaving:
                self.say(error)

        self._shell.do(
            "spec", lambda s: specs.save_spec(s, name, self._latest[name]), done, failed=failed
        )

    def _written(self) -> None:
        self._writing -= 1
        self._writes += 1

    def open(self, name: str) -> None:
        """Edit another dossier of this case."""
        if name == self.name or name not in self._rows:
            return
        try:
            found = decode(self._rows[name].spec, unfinished=True)
        except CaseKitError as error:
            self._window.refuse(error)
            self.say(error)
            self.show_names([*self._rows], self.name)
            return
        self.save()
        self._begun(name, found, kept=True)

    def _begun(self, name: str, spec: DossierSpec, *, kept: bool) -> None:
        self.name, self.spec, self._altered = name, spec, not kept
        self._at = 1
        self.forms.section = ""
        if not kept:
            self.save(self.read)
        self.outline.sections.clear()
        self.outline.exhibits.clear()
        self._take(shown=True)

    def new(self) -> None:
        """Begin another dossier."""
        try:
            found = comparing.begun(self._window, self._free_name())
        except CaseKitError as error:
            self._window.refuse(error)
            return
        if found is not None:
            self._begin(*found)

    def copy(self) -> None:
        """Go on with a copy under another name; the present one stays as it is."""
        title = tr("Copy under another name")
        name = self._window.ask.text(title, tr("Name"), self._free_name())
        if name is not None:
            self._begin(name, self.spec)

    def _begin(self, name: str, spec: DossierSpec) -> None:
        from casekit.ops import specs

        try:
            name = specs.checked_name(name)
        except CaseKitError as error:  # under that name nothing more could be kept
            self.say(error)
            return
        if name in self._rows or name == self.name:
            self.say(tr("There is a dossier of this name already: choose another one."))
            return
        self.save(lambda: self._begun(name, spec, kept=False))

    def compare(self) -> None:
        """Say what is different from another dossier, or from the one issued last."""
        others = [name for name in self._rows if name != self.name]
        comparing.compare(self._window, self._shell, in_use(self.spec), self.name, others)

    def template(self) -> None:
        """Keep its make-up, without its facts, for other cases."""
        self.say(comparing.keep_template(self._window, self.spec, self.name))

    def _free_name(self) -> str:
        taken = {*self._rows, self.name}
        names = (f"{tr('Dossier')} {n}" for n in range(2, len(taken) + 3))
        return next(name for name in names if name not in taken)

    def rename(self) -> None:
        """Give the dossier another name."""
        from casekit.ops import specs

        old = self.name
        name = self._window.ask.text(tr("Rename"), tr("Name"), old)
        if name is None or " ".join(name.split()) == old:
            return

        def done(changes: Changes) -> None:
            self.name = " ".join(name.split())
            self._acted(changes)

        self.save(lambda: self._shell.do("spec", lambda s: specs.rename_spec(s, old, name), done))

    def delete(self) -> None:
        """Take the dossier away; undo brings it back."""
        from casekit.ops import specs

        if self.name in self._rows:
            name = self.name
            self.save(
                lambda: self._shell.do("spec", lambda s: specs.delete_spec(s, name), self._acted)
            )

    def bring(self) -> None:
        """Take over a spec from a file that the command line takes too."""
        file = self._window.ask.spec_file()
        if file is None:
            return
        try:
            spec = decode(file.read_bytes(), unfinished=True)
        except (CaseKitError, OSError) as error:
            self.say(error)
            return
        taken = {*self._rows, self.name}
        name = file.stem[:70] if file.stem[:70] not in taken else self._free_name()
        self.save(lambda: self._begun(name, spec, kept=False))

    def give(self) -> None:
        """Write the spec into a file for the command line."""
        given = self._shell.case.folder.parent / f"{self.name}.json".replace("/", "-")
        self.say(comparing.write_spec(self._window, self.spec, given))

    def undo(self) -> None:
        """Take the last change of this window back."""
        self.save(lambda: self._back(self._acts, self._undone))

    def redo(self) -> None:
        """Do again what was taken back."""
        self.save(lambda: self._back(self._undone, self._acts))

    def _back(self, acts: list[int], others: list[int]) -> None:
        from casekit.ops import journal

        if not acts:
            self.say(tr("There is nothing to take back."))
            return
        act = acts.pop()

        def done(changes: Changes) -> None:
            if changes.undo is not None:
                others.append(changes.undo)
            self.read()
            self.say(changes.label)

        self._shell.do("undo", lambda s: journal.undo(s, act), done, keeps_undone=True)

    def _acted(self, changes: Changes) -> None:
        self._acts += [changes.undo] if changes.undo is not None else []
        self.read()

    def _changed(self, changes: Changes) -> None:
        """Somebody, perhaps this window, changed the case."""
        if not self.leaving and changes.kinds & PRINTED:
            if "hidden" in changes.kinds:  # the page may show what is sequestered now
                self.pane.say("")
            self.read()

    def _edited(self, spec: DossierSpec) -> None:
        """The form has another value."""
        other_words = spec.words != self.spec.words
        self._alter(spec)
        if other_words:
            self.forms.show_section(self.forms.section, spec, self._around())

    def _put(self, place: str, value: object) -> None:
        """Another value from outside the form."""
        self._alter(with_value(self.spec, place, value))
        self.forms.keep(self.spec)
        self.outline.show_spec(self.spec, self._exhibits)

    def _alter(self, spec: DossierSpec) -> None:
        self.spec, self._altered = spec, True
        self._saving.start()
        self._later.start()

    def _sections(self, names: tuple[str, ...]) -> None:
        self._put("sections", names)
        self.outline.show_states(self.gaps)

    def _exhibits_chosen(self, labels: tuple[str, ...]) -> None:
        whole = labels == tuple(row.label for row in self._exhibits)
        self._put("exhibits", None if whole else labels)

    def _around(self) -> Around:
        profile = self.spec.words or (self._matter.profile if self._matter else "") or "neutral"
        chapters = self.pane.seen.chapters if self.pane.seen is not None else ()
        return Around(wording(profile), chapters, tuple(row.label for row in self._exhibits))

    def go_to(self, name: str) -> None:
        """Show a section's form and its first page, or an exhibit's first page."""
        from casekit.dossier.spec import SECTIONS

        section = name if name in SECTIONS else "exhibits"
        if section != self.forms.section:
            self.forms.show_section(section, self.spec, self._around())
            self.forms.show_gaps(self.gaps)
        seen = self.pane.seen
        if seen is None or name != seen.section or name not in SECTIONS:
            self._show(name)

    def _choose_section(self, name: str) -> None:
        self.outline.exhibits.setCurrentRow(-1)
        self.outline.sections.choose(name)
        self.forms.show_section(name, self.spec, self._around())

    def mend(self, gap: Gap) -> None:
        """Go to what mends a gap."""
        if gap.place == "privilege":
            conflicting.list_conflicts(self._window)
            return
        if gap.section:
            self._choose_section(gap.section)
        if gap.place == "exhibits":
            self.outline.exhibits.setFocus()
        elif gap.place == "matter":
            verbs.edit_matter(self._window)
        elif not self.forms.go_to(gap.place):
            self.forms.setFocus()

    def _replan(self) -> None:
        seen, section = self.pane.seen, self.forms.section
        stay = seen is not None and seen.section == section
        self._show(seen.page if stay and seen is not None else self._at)

    def _show(self, at: int | str) -> None:
        """Draw a page; what is still being drawn is dropped."""
        if self.leaving:
            return
        self._at = at
        if self._job is not None:
            self._job.cancel()
        spec, dpi, preview = self.spec, self.pane.dpi, self.preview
        again = self._planned is None or self._planned != spec

        def work(progress: Any) -> Seen:
            return (
                preview.show(spec, at, dpi, progress) if again else preview.page(at, dpi, progress)
            )

        def done(seen: Seen) -> None:
            self._planned = spec
            self._arrived(seen)
            if seen.png and (again or not seen.whole):
                self._rest(seen, dpi)

        self._job = self._shell.jobs.start("preview", work, done, self._refused, lane="preview")

    def _rest(self, seen: Seen, dpi: float) -> None:
        """Lay out the pages after it too, then draw it again, now that their number is known."""

        def work(progress: Any) -> Seen:
            self.preview.finish(progress)
            return self.preview.page(seen.page, dpi, progress)

        self._job = self._shell.jobs.start(
            "preview", work, self._arrived, self._refused, lane="preview"
        )

    def _arrived(self, seen: Seen) -> None:
        if self.leaving:
            return
        fresh = self.pane.seen is None or self.pane.seen.chapters != seen.chapters
        self.pane.show_seen(seen)
        self.gaps = seen.gaps
        self.outline.show_states(seen.gaps)
        self.show_gaps(seen.gaps)
        if fresh and seen.png and self.forms.section == "findings":
            self.forms.show_section("findings", self.spec, self._around())
        self.forms.show_gaps(seen.gaps)

    def _refused(self, error: CaseKitError) -> None:
        if not isinstance(error, Cancelled) and not self.leaving:
            self.say(error)

    def write(self, *, issue: bool) -> None:
        """Write the dossier as a draft, or issue it, by the job that an export uses."""
        if issue and (stopping := [gap for gap in self.gaps if gap.stops]):
            self.say(
                tr_count("1 thing must be mended before this can be issued.",
                         "{n} things must be mended before this can be issued.", len(stopping))
            )  # fmt: skip
            self.mend(stopping[0])
            return
        given = self._shell.case.folder.parent / f"{self.name}.pdf".replace("/", "-")
        asked = self._window.ask.dossier_file(given, issue=issue)
        if asked is None:
            return
        (out, sealed), spec, w = asked, (in_use if issue else for_draft)(self.spec), self._window
        self.save(lambda: w.long.write_dossier(w, spec, out, issue=issue, sealed=sealed))

    def leave(self) -> None:
        """Keep what was written last, and let go of the case."""
        if self.leaving:
            return
        self.save()
        self.leaving = True
        for timer in (self._later, self._saving, self._poll):
            timer.stop()
        if self._job is not None:
            self._job.cancel()
        ends, close = self._shell.jobs.ends, self.preview.close
        ends.append(close)  # a window that is closed at once waits for no job
        self._shell.jobs.start(
            "close preview", lambda _p: close(), lambda _n: ends.remove(close), lane="preview"
        )
        self._shell.ends.remove(self.leave)
        self._shell.bus.changed.disconnect(self._changed)
        self._shell.bus.refreshed.disconnect(self.read)
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing keeps everything."""
        self.leave()
        super().closeEvent(event)

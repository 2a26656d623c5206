"""Coding by keys: each stroke acts on the item that was in sight when it was struck, however fast they come."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QKeySequence, QShortcut

from casekit import settings
from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.templates import Code, Field, Preset
    from casekit.ui.jobs import Job
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window

SECONDS = 8
TAG_KEYS = frozenset("123456789")


class Strokes:
    """A queue of what keys ask for: what goes on to the next item waits until the act before it is done."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], object]] = deque()
        self._busy = False
        self._still: Callable[[], bool] = lambda: True

    def put(self, run: Callable[[], object]) -> None:
        """Do it now, or once what is being done has ended."""
        if self._busy and not self._still():
            self.end()  # what was being done broke off
        if self._busy:
            self._waiting.append(run)
        else:
            run()

    def begin(self) -> None:
        """Keep what comes until `end`."""
        self._busy, self._still = True, lambda: True

    def wait_for(self, still: Callable[[], bool]) -> None:
        """Keep what comes no longer than that holds, should the end never be told."""
        self._still = still

    def end(self) -> None:
        """Go on with what has waited."""
        self._busy = False
        while self._waiting and not self._busy:
            self._waiting.popleft()()


def press(window: Window, key: str) -> None:
    """Do what a key of the case stands for: the preset that has it, or the tag."""
    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None or workspace.contents is None:
        return
    preset = next((p for p in workspace.contents.coding.presets if p.key == key), None)
    tag = next((t for t in workspace.contents.tags if t.key == key), None)
    if preset is not None:
        run_preset(window, preset)
    elif tag is not None:
        tag_by_name(window, tag.name)
    else:
        window.say(tr("No tag or preset has the key {key} yet.", key=key))


def run_preset(window: Window, preset: Preset) -> None:
    """Set the codes of a preset on the chosen items; a single tag that they have is taken off."""
    name = preset.name if len(preset.codes) > 1 else ""
    code(window, preset.codes, name=name, toggle=True)


def tag_by_name(window: Window, name: str) -> None:
    """Put a tag on the item, or take it off if it has it; several items after a preview."""
    from casekit.queries.templates import TAG, Code

    shell = window.shell
    if shell is None:
        return
    ids = shell.selection.ids()
    if len(ids) > 1:
        window.long.tag_many(window, ids, name)
    else:
        code(window, [Code(TAG, name)], toggle=True)


def code(
    window: Window,
    codes: Sequence[Code],
    *,
    name: str = "",
    toggle: bool = False,
    item_id: int | None = None,
) -> None:
    """Code the item in sight, and go to the next if the user wants that; several items after a preview.

    Args:
        window: The window.
        codes: What is set.
        name: How the act is called; empty: after its codes.
        toggle: A single code that can be taken off is, where the item has it.
        item_id: The item that the codes are for, if that is not the one in sight.
    """
    shell = window.shell
    if shell is None:
        return

    def struck() -> None:
        ids = [item_id] if item_id is not None else shell.selection.ids()
        if len(ids) > 1:
            from casekit.ui.coding_many import code_many

            code_many(window, ids, codes, name)
        elif ids:
            _code_one(window, shell, ids, codes, name, toggle=toggle)

    shell.strokes.put(struck)


def _code_one(
    window: Window, shell: Shell, ids: list[int], codes: Sequence[Code], name: str, *, toggle: bool
) -> None:
    advance = settings.load().advance
    lacking: dict[int, list[Field]] = {}

    def op(s: Any) -> Changes:
        from casekit.ops import coding as ops
        from casekit.queries import coding

        changes = ops.code(s, ids, codes, name=name, toggle=toggle)
        lacking.update(coding.incomplete(s, ids) if advance else {})
        return changes

    def done(changes: Changes) -> None:
        shell.last_coded = ids[0]
        _tell(window, shell, changes, ids, codes)
        workspace = window.workspace
        if advance and not lacking and workspace is not None and shell.selection.current == ids[0]:
            workspace.list.go_by(1)
        shell.strokes.end()

    shell.strokes.begin()
    _hold(shell, shell.do("code", op, done, failed=lambda _error: shell.strokes.end()))


def _hold(shell: Shell, job: Job[Any]) -> None:
    shell.strokes.wait_for(lambda: any(job is each for each in shell.jobs.waiting()))


def _tell(
    window: Window, shell: Shell, changes: Changes, ids: list[int], codes: Sequence[Code]
) -> None:
    """What spread is said, with undo; what may spread is offered, where the matter asks."""
    others = len(set(changes.ids) - set(ids))
    if others and changes.undo is not None:
        act = changes.undo
        said = tr_count(
            "Also coded: 1 of its family or copies.",
            "Also coded: {n} of its family or copies.",
            others,
        )
        window.notice.show_text(
            said, "quiet", seconds=SECONDS, offer=tr("Undo"), run=lambda: _undo(shell, window, act)
        )
        return
    policy = (
        window.workspace.contents.coding if window.workspace and window.workspace.contents else None
    )
    ask = (policy.families == "ask", policy.copies == "ask") if policy else (False, False)
    asked = any(job.label == "related" for job in shell.jobs.waiting())
    if changes.undo is None or not any(ask) or asked:
        return  # copies may take a while to find: one question at a time

    def query(s: Any) -> list[int]:
        from casekit.ops import coding as ops
        from casekit.queries import coding

        near = ops.related(s, ids, families=ask[0], copies=ask[1])
        given = [each for each in codes if each.on and each.value]
        open_: set[int] = set()
        for each in given if near else ():
            same, _, without = coding.having(s, near, each)
            open_ |= set(near) - set(same) - set(without)
        return sorted(open_)

    def offer(near: list[int]) -> None:
        if near and window.shell is shell:
            window.notice.show_text(
                tr_count("1 more of its family or copies is not coded so.",
                         "{n} more of its family or copies are not coded so.", len(near)),
                "quiet", seconds=SECONDS, offer=tr("Code them too"),
                run=lambda: _code_near(window, shell, near, codes),
            )  # fmt: skip

    shell.read("related", query, offer)


def _code_near(window: Window, shell: Shell, near: list[int], codes: Sequence[Code]) -> None:
    from casekit.ops import coding as ops

    window.notice.hide()
    shell.do(
        "code", lambda s: ops.code(s, near, codes, families=False, copies=False),
        lambda changes: window.say(changes.label),
    )  # fmt: skip


def _undo(shell: Shell, window: Window, act: int) -> None:
    from casekit.ops import journal

    window.notice.hide()
    shell.do("undo", lambda s: journal.undo(s, act), lambda changes: window.say(changes.label))


def go(window: Window, step: int) -> None:
    """Some rows on or back, once the acts before are done."""
    workspace, shell = window.workspace, window.shell
    if workspace is not None and shell is not None:
        shell.strokes.put(lambda: workspace.list.go_by(step))


def save_and_next(window: Window) -> None:
    """Keep note and texts and go one row down, unless the template wants more of the item."""
    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None:
        return
    from casekit.ui import verbs

    verbs.keep_note(window)
    workspace.coding.fields.commit()

    def struck() -> None:
        item_id = shell.selection.current
        held = workspace.contents.coding.templates if workspace.contents is not None else {}
        if item_id is None or not any(each.complete for each in held.values()):
            on()
            return
        case = shell.case

        def work(_progress: object) -> list[Field]:
            from casekit.queries import coding

            with case.read() as s:
                return coding.incomplete(s, [item_id]).get(item_id, [])

        def checked(lacking: list[Field]) -> None:
            if lacking and shell.selection.current == item_id:
                names = ", ".join(tr(each.label) for each in lacking)
                said = tr("Not complete yet: {fields}. Code it, or go on with J.", fields=names)
                window.notice.show_text(said, "warn", seconds=SECONDS)
                workspace.coding.fields.complain([each.name for each in lacking])
            else:
                on()
            shell.strokes.end()

        def failed(error: CaseKitError) -> None:
            window.refuse(error)
            shell.strokes.end()

        shell.strokes.begin()
        # In the lane of the acts, so that what was struck before it counts.
        _hold(shell, shell.jobs.start("complete", work, checked, failed, lane="write"))

    def on() -> None:
        workspace.list.go_by(1)
        workspace.list.setFocus()

    shell.strokes.put(struck)


def code_as_previous(window: Window) -> None:
    """Code the chosen items as the one that was coded last."""
    shell = window.shell
    if shell is None:
        return

    def struck() -> None:
        from casekit.ops import coding as ops

        last, ids = shell.last_coded, shell.selection.ids()
        if last is None:
            window.say(tr("Nothing has been coded yet in this window."))
            return

        def ended(_done: object) -> None:
            shell.strokes.end()

        shell.strokes.begin()
        _hold(shell, shell.do("code", lambda s: ops.code_as(s, last, ids), ended, failed=ended))

    shell.strokes.put(struck)


def code_chosen(window: Window, codes: Sequence[Code], item_id: int) -> None:
    """What was chosen in the pane, for the item that it showed; for all chosen ones after a preview."""
    shell = window.shell
    if shell is not None:
        several = len(shell.selection.ids()) > 1 and shell.selection.current == item_id
        code(window, codes, item_id=None if several else item_id)


def take_usual(window: Window) -> None:
    """Take the templates and presets that come along."""
    from casekit.ops import templates

    if window.shell is not None and window.workspace is not None:
        window.workspace.list.setFocus()  # the button goes, and its keys are for the items
        window.shell.do(
            "templates", templates.take_usual, lambda changes: window.say(changes.label)
        )


def toggle_advance(window: Window) -> None:
    """Go to the next item after each code, or stay."""
    held = settings.load()
    settings.save(dataclasses.replace(held, advance=not held.advance))
    window.say(
        tr("After a code the list stays where it is.")
        if held.advance
        else tr("After a code comes the next item, once nothing required is missing.")
    )


def set_keys(window: Window, presets: Sequence[Preset], known: dict[str, QShortcut]) -> None:
    """Make the keys of presets live: those beyond the digits, which are actions; none that an action has."""
    taken = {action.shortcut().toString() for action in window.qactions.values()}
    wanted = {p.key for p in presets if p.key and p.key not in TAG_KEYS} - taken
    for key in set(known) - wanted:
        known.pop(key).deleteLater()
    for key in wanted - set(known):
        made = QShortcut(QKeySequence(key), window)
        made.activated.connect(lambda k=key: _pressed(window, k))
        known[key] = made


def _pressed(window: Window, key: str) -> None:
    from casekit.ui import wiring

    if wiring.allows(window, "item"):
        press(window, key)

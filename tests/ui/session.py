"""A day at the window, by mouse and keys alone, in a process of its own that its parent kills at the end.

    python -m tests.ui.session FOLDER

Makes evidence in FOLDER, then: a new matter, a folder dropped on the window, an import that is stopped and
resumed, a search, a hundred items coded by two keys each with five slips, two answers compared, a fact made of
marked text, a span of the timeline, an act taken back, a list exported. A picture of every step lies in
FOLDER/shots. It prints `done` and waits to be killed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget

from casekit.ui.app import make_app
from casekit.ui.window import Window

MAILS, FAMILY, LOG = 99, 41, 6_000
PATIENCE = float(os.environ.get("CASEKIT_PATIENCE", "300"))  # seconds for one step
LETTERS = "in:correspondence OR in:documents"
SLIPS = frozenset({3, 20, 43, 66, 98})
SHARED = "the old harbour master counted seven lanterns before the tide came in that night"
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
Wait = Callable[[], object]
Coded = dict[str, tuple[str, ...]]


# -- the evidence, and how it must be coded -------------------------------------------------------


def answer_key() -> dict[str, Coded]:
    """What each mail must be coded as, by its title, written before any key is pressed."""
    key: dict[str, Coded] = {"advice.txt": _privileged("attorney-client")}
    for n in range(1, MAILS + 1):
        if n == FAMILY:
            key[title(n)] = _privileged("attorney-client")
        elif n % 3 == 0:
            key[title(n)] = {"responsive": ("no",)}
        elif n % 10 == 7:
            key[title(n)] = _privileged("work-product")
        else:
            key[title(n)] = {"responsive": ("yes",), "privilege": ("not-privileged",)}
    return key


def title(number: int) -> str:
    """Of a mail."""
    return f"Letter {number:03}"


def make_evidence(folder: Path) -> Path:
    """A folder of mails (one with a file), answers of three models, and an API log."""
    root = folder / "evidence"
    (root / "mail").mkdir(parents=True)
    for n in range(1, MAILS + 1):
        mail = EmailMessage()
        mail["From"], mail["To"] = "Ada <ada@x.example>", "Ben <ben@y.example>"
        mail["Subject"], mail["Message-ID"] = title(n), f"<{n}@x.example>"
        mail["Date"] = f"Mon, 02 Feb 2026 {8 + n // 60:02}:{n % 60:02}:00 +0000"
        mail.set_content(
            f"Letter {n} speaks of matter {n * 17} and of nothing else, word {n * 31}."
        )
        if n == FAMILY:
            mail.add_attachment(b"What counsel advised.", "text", "plain", filename="advice.txt")
        (root / "mail" / f"{n:03}.eml").write_bytes(bytes(mail))
    _write(root / "outputs.jsonl", _answers())
    _write(root / "log.jsonl", _requests())
    return root


def _privileged(basis: str) -> Coded:
    return {"responsive": ("yes",), "privilege": ("privileged",), "basis": (basis,)}


def _answers() -> Iterator[dict[str, object]]:
    for n in range(24):
        for model, said in (
            ("subject-7b", f"Once {n}: {SHARED} {n}, and so on."),
            ("source-4", f"It was so: {SHARED} {n}, they say."),
            ("control-1", f"Quite another tale is told here under number {n}."),
        ):
            yield {"instruction": f"Tell me story number {n}.", "output": said, "generator": model}


def _requests() -> Iterator[dict[str, object]]:
    for n in range(LOG):
        yield {
            "ts": f"2026-01-{1 + n * 28 // LOG:02}T{n % 24:02}:{n % 60:02}:00Z", "request_id": f"req_{n}",
            "account_id": f"acct_{n % 40}", "model": "source-4", "status": 200, "ip": f"198.51.100.{n % 200}",
            "request": {"messages": [{"role": "user", "content": f"Question {n} of the log"}]},
            "response": {"choices": [{"message": {"role": "assistant", "content": f"Answer {n} of the log"}}]},
        }  # fmt: skip


def _write(file: Path, rows: Iterator[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


# -- the hand -------------------------------------------------------------------------------------


class Session(QObject):
    """Does one step after the other, each once the window has come to what the one before waits for."""

    def __init__(self, window: Window, folder: Path) -> None:
        super().__init__(window)
        self.window, self.folder = window, folder
        self.shots = folder / "shots"
        self.shots.mkdir()
        self._steps = steps(self)
        self._wait: Wait = lambda: True
        self._until = time.monotonic() + PATIENCE
        self._timer = QTimer(self)
        self._timer.setInterval(15)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        if time.monotonic() > self._until:
            self.fail("the window did not come to what was waited for")
        try:
            if not self._wait():
                return
            self._wait = next(self._steps)
            self._until = time.monotonic() + PATIENCE
        except StopIteration:
            self._timer.stop()
            sys.stdout.write("done\n")
            sys.stdout.flush()
        except AssertionError as error:
            self.fail(str(error) or repr(error))

    def fail(self, why: str) -> None:
        """Say what went wrong, with a picture, and end."""
        self.window.grab().save(str(self.shots / "failed.png"))
        sys.stdout.write(f"failed: {why}; notice: {self.window.notice.text}\n")
        sys.stdout.flush()
        os._exit(1)

    # a key that opens a dialog comes back only when that is closed: every act is posted, not called

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Strike a key where the focus is."""
        QTimer.singleShot(0, lambda: QTest.keyClick(focus(), key, modifier))

    def type(self, text: str, then: Qt.Key | None = None) -> None:
        """Write a text where the focus is, then strike a key."""

        def write() -> None:
            QTest.keyClicks(focus(), text)
            if then is not None:
                QTest.keyClick(focus(), then)

        QTimer.singleShot(0, write)

    def drop(self, path: Path) -> None:
        """Drag a folder over the window and let it go."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        place, copy, left = QPointF(400, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(place.toPoint(), copy, mime, left, NONE)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted(), "a folder may be dropped"
        QApplication.sendEvent(self.window, QDropEvent(place, copy, mime, left, NONE))

    def shot(self, name: str) -> None:
        """Keep a picture of the window."""
        self.window.grab().save(str(self.shots / f"{name}.png"))

    def calm(self) -> bool:
        """Nothing is being read, written or asked."""
        waiting = [job for job in self.window.jobs.waiting() if job.label != "look"]
        if waiting or QApplication.activeModalWidget() is not None:
            return False
        if not self.window.isActiveWindow():
            self.window.activateWindow()
            return False
        return True

    def listed(self) -> int:
        """Rows of the list."""
        assert self.window.workspace is not None
        return self.window.workspace.model.rowCount()


def focus() -> QWidget:
    """Where a key goes."""
    modal = QApplication.activeModalWidget()
    at = QApplication.focusWidget()
    if modal is not None and (at is None or at.window() is not modal):
        return modal
    return at or QApplication.activeWindow() or QApplication.topLevelWidgets()[0]


def dialog() -> bool:
    """A dialog asks something."""
    return isinstance(QApplication.activeModalWidget(), QDialog)


def lines(name: str) -> list[QLineEdit]:
    """The lines of the open dialog with that name."""
    modal = QApplication.activeModalWidget()
    found = modal.findChildren(QLineEdit) if modal is not None else []
    return [one for one in found if one.accessibleName() == name]


def field(name: str) -> QLineEdit:
    """The one line of the open dialog with that name."""
    (one,) = lines(name)
    return one


# -- the day --------------------------------------------------------------------------------------


def steps(s: Session) -> Iterator[Wait]:
    """The whole session; each yield says what is waited for."""
    evidence = make_evidence(s.folder)
    yield s.window.isVisible
    s.window.activateWindow()
    s.shot("01-welcome")
    yield from make_matter(s)
    yield from import_twice(s, evidence)
    yield from set_up_codes(s)
    yield from code_a_hundred(s)
    yield from compare_and_state(s)
    yield from brush_and_undo(s)
    yield from export(s)


def make_matter(s: Session) -> Iterator[Wait]:
    """A new case by its dialog."""
    s.key(Qt.Key.Key_N, CTRL)
    yield dialog
    for name, text in (("Matter", "Session"), ("Number", "1:26-cv-1"), ("Folder", str(s.folder))):
        field(name).setFocus()
        field(name).selectAll()
        s.type(text)
        yield lambda name=name, text=text: field(name).text() == text  # type: ignore[misc]
    s.shot("02-new-matter")
    s.key(Qt.Key.Key_Return)
    yield lambda: s.window.workspace is not None and s.window.workspace.contents is not None
    yield s.calm
    s.shot("03-empty-case")


def import_twice(s: Session, evidence: Path) -> Iterator[Wait]:
    """A folder dropped, the import stopped, dropped again and done; what was finished is kept."""
    assert s.window.workspace is not None
    stop = s.window.workspace.strip._stop
    yield from drop_and_say(s, evidence)
    yield lambda: stop.isVisible() and stop.isEnabled()
    s.shot("04-importing")
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    yield lambda: not s.window.jobs.long
    yield s.calm
    s.shot("05-stopped")
    yield from drop_and_say(s, evidence)
    yield lambda: s.listed() == MAILS + 1 + 72 + LOG
    s.shot("06-imported")


def drop_and_say(s: Session, evidence: Path) -> Iterator[Wait]:
    """Drop a folder, and write down who held it."""
    s.window.activateWindow()
    yield s.window.isActiveWindow
    QTimer.singleShot(0, lambda: s.drop(evidence))
    yield lambda: dialog() and lines("Custodian")
    QTest.mouseClick(field("Custodian"), Qt.MouseButton.LeftButton)
    yield field("Custodian").hasFocus
    s.type("Helen Marsh")
    yield lambda: field("Custodian").text() == "Helen Marsh"
    s.key(Qt.Key.Key_Return)
    yield lambda: QApplication.activeModalWidget() is None


def set_up_codes(s: Session) -> Iterator[Wait]:
    """The usual templates and their keys, offered where nothing is coded yet."""
    offers = [
        b
        for b in s.window.findChildren(QPushButton)
        if b.text() == "Use the usual coding templates"
    ]
    assert [b.isVisible() for b in offers] == [True], "the usual templates are offered"
    QTest.mouseClick(offers[0], Qt.MouseButton.LeftButton)
    yield s.calm
    s.shot("07-templates")


def code_a_hundred(s: Session) -> Iterator[Wait]:
    """A search, then two keys an item; five slips are seen and taken back."""
    space = s.window.workspace
    assert space is not None
    yield from search(s, LETTERS, MAILS + 1)
    key = answer_key()
    for row in range(MAILS + 1):
        yield lambda row=row: s.calm() and space.list.currentIndex().row() == row  # type: ignore[misc]
        view = s.window.shell.selection.view if s.window.shell else None
        assert view is not None
        wanted = digit(key[view.row.title or view.row.name])
        number = int((view.row.title or "0")[-3:]) if "Letter" in (view.row.title or "") else 0
        if number in SLIPS:
            QTest.keyClick(space.list, Qt.Key.Key_4 if wanted == Qt.Key.Key_2 else Qt.Key.Key_2)
            yield s.calm
            QTest.keyClick(space.list, Qt.Key.Key_Z, CTRL)
            yield s.calm
        QTest.keyClick(space.list, wanted)
        QTest.keyClick(space.list, Qt.Key.Key_Return, CTRL)
        if row == 50:
            yield s.calm
            s.shot("08-coding")
    yield s.calm
    s.shot("09-coded")


def digit(wanted: Coded) -> Qt.Key:
    """The key of the usual preset that codes so."""
    return {
        (): Qt.Key.Key_2,
        ("not-privileged",): Qt.Key.Key_4,
        ("privileged", "attorney-client"): Qt.Key.Key_5,
        ("privileged", "work-product"): Qt.Key.Key_6,
    }[wanted.get("privilege", ()) + wanted.get("basis", ())]


def compare_and_state(s: Session) -> Iterator[Wait]:
    """The most similar answer beside one, then a fact of marked text in two keys."""
    space = s.window.workspace
    assert space is not None
    yield from search(s, 'model:"subject-7b"', 24)
    s.key(Qt.Key.Key_S)
    yield lambda: space.compare.pair is not None
    yield s.calm
    s.shot("11-compared")
    s.key(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    yield space.viewer.page.isVisible
    space.viewer.page.setFocus()
    s.key(Qt.Key.Key_A, CTRL)
    yield lambda: s.window.shell is not None and s.window.shell.selection.cite is not None
    s.key(Qt.Key.Key_F)
    yield dialog
    s.shot("12-fact")
    s.key(Qt.Key.Key_Return)
    yield s.calm


def brush_and_undo(s: Session) -> Iterator[Wait]:
    """A span of the timeline by keys, its items in the list; an exhibit marked and taken back."""
    s.key(Qt.Key.Key_3, CTRL)
    yield lambda: s.window.pages is not None and s.window.pages.current == "timeline"
    yield s.calm
    for _ in range(3):
        s.key(Qt.Key.Key_Right, SHIFT)
        yield s.calm
    s.shot("13-timeline")
    s.key(Qt.Key.Key_Return)
    yield lambda: s.window.pages is not None and s.window.pages.current == "review"
    yield s.calm
    assert 0 < s.listed() < MAILS + 73 + LOG, "the brushed span is a part of the whole"
    s.shot("14-brushed")
    s.key(Qt.Key.Key_E)
    yield lambda: _exhibits(s) == 1
    yield s.calm
    s.key(Qt.Key.Key_Z, CTRL)
    yield lambda: _exhibits(s) == 0
    yield s.calm
    s.shot("15-undone")


def export(s: Session) -> Iterator[Wait]:
    """The list as it stands, as a spreadsheet."""
    space = s.window.workspace
    assert space is not None
    QTest.mouseClick(space.head._scope, Qt.MouseButton.LeftButton)  # the brushed span is left
    yield lambda: s.listed() == MAILS + 73 + LOG
    yield from search(s, 'model:"subject-7b"', 24)
    s.key(Qt.Key.Key_X)
    yield lambda: QApplication.activeModalWidget() is not None
    s.shot("16-export")
    s.type(str(s.folder / "list.xlsx"), Qt.Key.Key_Return)
    yield (s.folder / "list.xlsx").is_file
    yield s.calm
    s.shot("17-exported")


def search(s: Session, text: str, rows: int) -> Iterator[Wait]:
    """Search for a text, until that many rows are listed, and go to the list."""
    space = s.window.workspace
    assert space is not None
    QTest.mouseClick(space.list.viewport(), Qt.MouseButton.LeftButton)
    yield space.list.hasFocus
    s.key(Qt.Key.Key_Slash)
    yield s.window.search.edit.hasFocus
    s.key(Qt.Key.Key_A, CTRL)
    s.type(text, Qt.Key.Key_Return)
    yield lambda: s.listed() == rows
    yield s.calm
    space.list.setFocus()
    yield space.list.hasFocus


def _exhibits(s: Session) -> int:
    space = s.window.workspace
    return len(space.contents.exhibits) if space is not None and space.contents is not None else -1


def main() -> None:
    """Run the session in FOLDER."""
    folder = Path(sys.argv[1])
    app = make_app()
    window = Window()
    window.show()
    Session(window, folder)
    app.exec()


if __name__ == "__main__":
    main()

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QDesktopServices, QKeySequence

from casekit.ui import asking
from casekit.ui.actions import ACTIONS, BY_ID, MENUS, ROW_MENU, TOOLS
from casekit.ui.boxing import BoxWhy
from casekit.ui.editor import Editor
from casekit.ui.events import EventForm
from casekit.ui.in_force_forms import VersionSaid
from casekit.ui.new_case import Wanted
from casekit.ui.translating import Said
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_ids_and_keys_are_unique_and_every_action_has_help() -> None:
    assert [i for i, n in Counter(a.id for a in ACTIONS).items() if n > 1] == []
    keys = [QKeySequence(a.keys).toString() for a in ACTIONS if a.keys]
    assert [k for k, n in Counter(keys).items() if n > 1] == []
    assert [
        a.id for a in ACTIONS if not a.help or (not QKeySequence(a.keys).toString() and a.keys)
    ] == []


def test_every_action_is_in_a_menu_and_every_name_is_known() -> None:
    in_menus = [name for _, names in MENUS for name in names if name]
    assert sorted(in_menus) == sorted(BY_ID)
    assert set(TOOLS) | {n for n in ROW_MENU if n} <= set(BY_ID)


class Answers(asking.Ask):
    """Answers every question as a user might, and opens nothing."""

    def __init__(self, window: Window, folder: Path) -> None:
        super().__init__(window)
        self.folder = folder
        self.shown: list[str] = []
        self.answered: set[str] = set()

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if not callable(found) or name.startswith("_"):
            return found
        answered = super().__getattribute__("answered")

        def once(*given: Any, **named: Any) -> Any:
            if name in answered:
                return None  # what was refused is asked for again: nobody writes anything else
            answered.add(name)
            return found(*given, **named)

        return once

    def new_case(self) -> Wanted | None:
        return Wanted(self.folder, "New", {"number": "1"})

    def case_folder(self) -> Path | None:
        return None

    def one_file(self) -> Path | None:
        return None

    def sources(self) -> list[Path] | None:
        file = self.folder / "letter.txt"
        file.write_text("A letter about the cap.")
        return [file]

    def provenance(self, files: list[Path]) -> dict[str, str] | None:
        return {"custodian": "Priya Raman"}

    def text(self, title: str, label: str, given: str = "") -> str | None:
        return "A name"

    def recognition(self, items: int) -> tuple[str, str]:
        return "eng", "an engine that is none"

    def matter(self, present: object) -> dict[str, str] | None:
        return {"judge": "Hon. A. Lindqvist"}

    def redaction(self, passage: str) -> tuple[str, str] | None:
        return "privacy", ""

    def box(self, about: str, given: BoxWhy) -> BoxWhy | None:
        return given

    def conflicts(self, found: Any, rows: object) -> tuple[list[int], str, str] | None:
        return [each.item_id for each in found], "pass", "the mailbox read again as a whole"

    def form(self, asked: Any) -> Any:
        asked.deleteLater()
        others = {"LayoutForm", "ForgetForm", "WriteOrigins", "WriteOverlay"}
        if type(asked).__name__ in {"QueryBuilder", *others}:
            return None
        return [("Confidential", "", ("court", "expert"))]

    def notice(self) -> None:
        return None

    def fact(self, given: Any, *_: object) -> Any:
        return dataclasses.replace(given, text=given.text or "A fact")

    def version(self, documents: object, about: str, *_: object) -> VersionSaid:
        return VersionSaid(0, about, "terms", "", "2025", "2025", "", "UTC")

    def clause(self, versions: Any, quote: str) -> tuple[int, str]:
        return versions[0][1].id, "1"

    def assent(
        self, documents: Any, about: str, dated: str, account: str
    ) -> tuple[int, str, dict[str, str]]:
        rest = {"dated": "2025", "zone": "UTC", "account": account, "note": ""}
        return documents[0].versions[0].id, "notice", rest

    def fact_cited(self, rows: object, newest: int, *_: Any) -> tuple[int, str, str]:
        return newest, "contradicts", ""

    def release(self, rows: object) -> None:
        return None

    def review_set(self, total: int) -> tuple[str, int, int | None, int | None]:
        return "A set", 5, None, None

    def old_file(self, title: str, kinds: str) -> None:
        return None

    def new_file(self, given: str, kinds: str) -> None:
        return None

    def take_back(self) -> None:
        return None

    def privilege_log(self, folder: Path) -> tuple[Any, Path] | None:
        return "category", self.folder / "log.csv"

    def times(self, groups: object, current: int | None) -> tuple[list[int], str, str, bool] | None:
        return None

    def dossier(self, title: str, folder: Path) -> tuple[object, bool, Path] | None:
        return None

    def companion(self, folder: Path) -> None:
        return None

    def checkpoint(self, folder: Path) -> None:
        return None

    def translation(self, ids: Any, known: object) -> Said | None:
        return Said("not-needed", ids[0], reason="Names only")

    def trial_list(self, rows: object) -> None:
        return None

    def volume(self, query: str, matter: object, prefix: str, folder: Path) -> None:
        return None

    def compare_with(self, *_: object, **__: object) -> None:
        return None

    def dossier_file(self, *_: object, **__: object) -> None:
        return None

    def new_dossier(self, *_: object, **__: object) -> None:
        return None

    def spec_file(self, *_: object, **__: object) -> None:
        return None

    def about(self) -> None:
        return None

    def signing(self, folder: Path) -> None:
        return None

    def save_file(self, title: str, given: Path, kind: str) -> Path | None:
        return self.folder / "list.xlsx"

    def report(self, title: str, head: str, lines: list[tuple[str, str]], text: str = "") -> None:
        self.shown.append(title)

    def legend(self) -> None:
        self.shown.append("Keys")


def test_every_action_by_its_id_on_one_case(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = ("case.new", "case.close", "app.quit")
    heavy = ("case.sample", "evidence.index", "help.guide")  # each has a test of its own
    for name in [a.id for a in ACTIONS if a.id not in (*last, *heavy)]:
        run_one(window, rest, name, tmp_path, monkeypatch)
        if name == "list.export":  # the mailbox, read again as one text, holds the withheld mail
            assert not (tmp_path / "list.xlsx").exists()
            run_one(window, rest, name, tmp_path, monkeypatch)
    assert (tmp_path / "list.xlsx").is_file()
    assert (tmp_path / "log.csv").is_file()
    for name in last:
        run_one(window, rest, name, tmp_path, monkeypatch)
    assert (tmp_path / "New.casekit" / "case.json").is_file()


def run_one(
    window: Window, rest: Rest, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    monkeypatch.setattr(window.long, "index", lambda _window: None)
    monkeypatch.setattr(EventForm, "answer", lambda _form: None)
    window.ask = Answers(window, folder)
    if not name.startswith("page."):
        window.show_page("review")  # where the items are, and the keys that act on them
    window.trigger(name)
    rest()
    for child in (*window.findChildren(asking.Form), *window.findChildren(Editor)):
        child.close()
    rest()
    palette = [w for w in window.children() if type(w).__name__ == "Palette"]
    for child in palette:
        child.close()  # type: ignore[attr-defined]

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casekit.jobs.pseudonyms import read_key
from casekit.ops import pseudonyms as ops
from casekit.queries.pseudonyms import pseudonyms
from casekit.queries.whole_values import KINDS
from casekit.ui.pseudonyms import KIND_WORDS, GivePseudonym, Pseudonyms, SealedKey, values_of
from casekit.ui.window import Window

Rest = Callable[..., None]
WORD = "twelve words or more"


def listed(window: Window) -> list[tuple[int, str, tuple[str, ...], bool]]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return [(r.id, r.kind, r.values, r.in_use) for r in pseudonyms(s)]


def test_the_kinds_offered_are_those_there_are() -> None:
    assert tuple(kind for kind, _ in KIND_WORDS) == KINDS


def test_the_marked_words_or_a_value_of_the_item_get_a_pseudonym(
    window: Window, rest: Rest
) -> None:
    assert window.shell is not None
    assert window.workspace is not None
    window.workspace.open_item(1)
    rest()
    view = window.shell.selection.view
    assert view is not None
    part, text = view.texts[0]
    window.shell.selection.cite = (part, 0, 12)
    window.trigger("pseudonym.give")
    rest()
    (dialog,) = window.findChildren(GivePseudonym)
    offered = [dialog.value.itemText(n) for n in range(dialog.value.count())]
    assert offered == [" ".join(text[:12].split()), *values_of(view)]
    dialog.value.setCurrentText(" ")
    dialog.check()
    assert "Write the value" in dialog.trouble.text()
    dialog.value.setCurrentText("ann@x.example")
    assert dialog.kind.currentData() == "address"
    dialog.check()
    rest()
    assert listed(window) == [(1, "address", ("ann@x.example",), True)]
    assert window.notice.text == "1 pseudonym given"
    window.trigger("pseudonym.give")
    rest()
    dialog = window.findChildren(GivePseudonym)[-1]
    dialog.value.setCurrentText("org_1")
    assert dialog.kind.currentData() == "account"
    dialog.same_as.setCurrentIndex(1)
    assert (dialog.kind.currentData(), dialog.kind.isEnabled()) == ("address", False)
    dialog.check()
    rest()
    assert listed(window) == [(1, "address", ("ann@x.example", "org_1"), True)]
    window.trigger("edit.undo")
    rest()
    assert listed(window) == [(1, "address", ("ann@x.example",), True)]


def test_a_pseudonym_is_taken_out_of_use_and_put_back(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    with window.shell.case.write() as s:
        ops.give(s, "person", ["Ann Lee"])
    window.trigger("pseudonym.list")
    rest()
    dialog = window.findChildren(Pseudonyms)[-1]
    assert [dialog.table.item(0, n).text() for n in range(3)] == [
        "[Person 001]", "Ann Lee", "● in use",
    ]  # fmt: skip
    dialog._again()
    assert "Choose rows" in dialog.trouble.text()
    dialog.table.selectRow(0)
    dialog._lift()
    rest()
    assert listed(window)[0][3] is False
    dialog = window.findChildren(Pseudonyms)[-1]
    assert dialog.table.item(0, 2).text() == "○ out of use"
    dialog.table.selectRow(0)
    dialog._again()
    rest()
    assert listed(window)[0][3] is True
    window.findChildren(Pseudonyms)[-1].reject()


def test_the_key_is_written_under_seal(window: Window, rest: Rest, tmp_path: Path) -> None:
    assert window.shell is not None
    window.trigger("pseudonym.list")
    rest()
    dialog = window.findChildren(Pseudonyms)[-1]
    dialog._key()
    assert "no pseudonym yet" in dialog.trouble.text()
    dialog.reject()
    with window.shell.case.write() as s:
        ops.give(s, "person", ["Ann Lee"])
    window.trigger("pseudonym.list")
    rest()
    window.findChildren(Pseudonyms)[-1]._key()
    (asked,) = window.findChildren(SealedKey)
    out = tmp_path / "key.json"
    asked.file.setText(str(out))
    asked.word.setText("short")
    asked.check()
    assert "differ" in asked.trouble.text()
    asked.again.setText("short")
    asked.check()
    rest()
    assert "at least 12" in asked.trouble.text()
    assert not out.exists()
    for edit in (asked.word, asked.again):
        edit.setText(WORD)
    asked.check()
    rest()
    assert "Sealed key written: key.json" in window.notice.text
    assert '"Ann Lee"' in read_key(out, WORD)
    with pytest.raises(Exception, match="passphrase is another"):
        read_key(out, WORD + "!")

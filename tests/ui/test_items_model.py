from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.items import ItemRow
from casekit.queries.times import Instant
from casekit.ui.items_model import PAGE, PAGES_KEPT, ItemsModel, status_words, who_text


def row(number: int, **values: object) -> ItemRow:
    plain = {
        "id": number, "kind": "exchange", "collection": "outputs", "title": f"Item {number}", "name": "",
        "media_type": "", "parent_id": None, "root_id": number, "sent_us": number * 1_000_000,
        "time": Instant(number * 1_000_000, number * 1_000_000, "exact"), "sender": "",
        "model": "m", "account": "", "size": 1, "pages": None, "children": 0, "tags": (), "exhibit": "",
        "bates": "", "privileged": False, "noted": False, "problems": 0,
    }  # fmt: skip
    return ItemRow(**{**plain, **values})  # type: ignore[arg-type]


class Reader:
    """Answers at once, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def __call__(self, ids: list[int], done: Callable[[Sequence[ItemRow]], None]) -> None:
        self.asked.append(ids)
        done([row(i) for i in ids])


def test_the_model_keeps_qts_rules(dressed: QApplication, qtbot: QtBot) -> None:
    model = ItemsModel(Reader())
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_ids(np.arange(1, 301, dtype=np.int64))
    model.set_ids(np.arange(1, 601, dtype=np.int64))
    model.row_at(0)
    qtbot.waitUntil(lambda: model.row_at(0) is not None)
    model.set_ids(np.array([5, 3], dtype=np.int64))
    assert isinstance(tester.model(), QAbstractItemModel)


def test_only_the_pages_looked_at_are_read_and_data_never_asks_twice(
    dressed: QApplication, qtbot: QtBot
) -> None:
    reader = Reader()
    model = ItemsModel(reader)
    model.set_ids(np.arange(1, 1_000_001, dtype=np.int64))
    assert model.data(model.index(500_000, 1)) == ""
    assert reader.asked == []
    qtbot.waitUntil(lambda: model.data(model.index(500_000, 1)) == "Item 500001")
    first = 500_000 // PAGE * PAGE
    assert reader.asked == [list(range(first + 1, first + PAGE + 1))]
    model.data(model.index(500_000, 2))
    assert len(reader.asked) == 1


def test_what_was_scrolled_past_is_not_read(dressed: QApplication, qtbot: QtBot) -> None:
    reader = Reader()
    model = ItemsModel(reader)
    model.set_ids(np.arange(1, 100_001, dtype=np.int64))
    for page in range(200):
        model.row_at(page * PAGE)
    qtbot.waitUntil(lambda: bool(reader.asked))
    assert [ids[0] for ids in reader.asked] == [page * PAGE + 1 for page in range(196, 200)]
    assert len(model._pages) <= PAGES_KEPT


def test_a_longer_list_keeps_what_is_shown(dressed: QApplication, qtbot: QtBot) -> None:
    model = ItemsModel(Reader())
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_ids(np.arange(1, 401, dtype=np.int64))
    model.set_ids(np.arange(1, 1001, dtype=np.int64))
    model.set_ids(np.arange(1, 1001, dtype=np.int64))
    assert (len(resets), model.rowCount()) == (1, 1000)
    assert (model.position(700), model.position(4000), model.id_at(699), model.id_at(-1)) == (
        699,
        None,
        700,
        None,
    )


def test_changed_items_are_read_again(dressed: QApplication, qtbot: QtBot) -> None:
    reader = Reader()
    model = ItemsModel(reader)
    model.set_ids(np.arange(1, 1001, dtype=np.int64))
    model.row_at(0)
    qtbot.waitUntil(lambda: len(reader.asked) == 1)
    model.refresh([900])
    model.refresh([3])
    assert len(reader.asked) == 2
    model.refresh()
    assert len(reader.asked) == 3


def test_cells_and_heads(dressed: QApplication) -> None:
    shown = row(
        1, tags=("Hot", "b"), privileged=True, problems=2, exhibit="A-1", model="", sender="Ann"
    )
    assert status_words(shown, frozenset({"Hot"})) == ["hot", "withheld as privileged", "problem"]
    assert who_text(shown) == "Ann"
    model = ItemsModel(lambda ids, done: done([shown]))
    model.set_ids(np.array([1], dtype=np.int64))
    model.row_at(0)
    QApplication.processEvents()
    cells = [model.data(model.index(0, c)) for c in range(model.columnCount())]
    assert cells == [
        "withheld as privileged, problem",
        "Item 1",
        "Ann",
        "Hot, b",
        "A-1",
        "1970-01-01 00:00:01",
    ]
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Title"
    assert model.headerData(1, Qt.Orientation.Vertical) is None
    assert model.data(QModelIndex()) is None


def test_rows_that_come_with_their_ids_are_shown_without_being_asked_for(
    dressed: QApplication, qtbot: QtBot
) -> None:
    reader = Reader()
    model = ItemsModel(reader)
    model.set_ids(np.arange(1, 1001, dtype=np.int64), [row(i) for i in range(1, PAGE + 1)])
    first, last = model.row_at(0), model.row_at(PAGE - 1)
    assert first is not None
    assert last is not None
    assert (first.id, last.id) == (1, PAGE)
    assert model.row_at(PAGE) is None
    qtbot.waitUntil(lambda: model.row_at(PAGE) is not None)
    assert reader.asked == [list(range(PAGE + 1, 2 * PAGE + 1))]
    model.set_ids(np.arange(1, 1001, dtype=np.int64), [row(1, title="Anew")])
    assert model.data(model.index(0, 1)) == "Anew"
    model.set_ids(np.arange(1, 2001, dtype=np.int64))
    assert model.data(model.index(0, 1)) == "Anew"

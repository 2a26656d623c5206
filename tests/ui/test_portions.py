from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QApplication

from casekit.ui.portions import PORTION, Portions


class Page:
    """Keeps what is written, and where a portion began and ended."""

    def __init__(self) -> None:
        self.parent = QObject()
        self.said: list[str] = []
        self.portions = Portions(
            lambda: self.said.append("("), lambda: self.said.append(")"), self.parent
        )

    def piece(self, name: str, *costs: int) -> Iterator[int]:
        for number, cost in enumerate(costs):
            self.said.append(f"{name}{number}")
            yield cost


@pytest.fixture
def page(qapp: QApplication) -> Page:
    return Page()


def test_the_first_portion_comes_at_once_and_one_more_a_turn(page: Page) -> None:
    page.portions.begin()
    page.portions.add(page.piece("a", 5, PORTION, 7, PORTION, 1))
    page.portions.add(page.piece("b", 1))
    page.portions.end()
    assert page.said == ["a0", "a1"]
    assert page.portions.pending
    page.portions.afterwards(lambda: page.said.append("done"))
    QCoreApplication.processEvents()
    assert page.said == ["a0", "a1", "(", "a2", "a3", ")"]
    while page.portions.pending:
        QCoreApplication.processEvents()
    assert page.said[6:] == ["(", "a4", "b0", ")", "done"]


def test_without_anything_to_come_a_wish_is_done_at_once(page: Page) -> None:
    page.portions.begin()
    page.portions.add(page.piece("a", 5))
    page.portions.end()
    page.portions.afterwards(lambda: page.said.append("done"))
    assert page.said == ["a0", "done"]
    assert not page.portions.pending


def test_all_of_it_is_written_when_somebody_wants_it(page: Page) -> None:
    page.portions.begin()
    page.portions.add(page.piece("a", PORTION, PORTION, PORTION))
    page.portions.end()
    page.portions.afterwards(lambda: page.said.append("done"))
    page.portions.finish()
    assert page.said == ["a0", "(", "a1", ")", "(", "a2", ")", "(", ")", "done"]
    QCoreApplication.processEvents()
    assert page.said[-1] == "done"


def test_another_beginning_lets_the_rest_and_the_wishes_go(page: Page) -> None:
    page.portions.begin()
    page.portions.add(page.piece("a", PORTION, 1))
    page.portions.end()
    page.portions.afterwards(lambda: page.said.append("done"))
    page.portions.begin()
    QCoreApplication.processEvents()
    assert page.said == ["a0"]
    assert not page.portions.pending
    page.portions.add(page.piece("b", PORTION, 1))
    page.portions.end()
    page.portions.finish()
    assert "done" not in page.said

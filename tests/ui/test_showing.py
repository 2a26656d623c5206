from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from casekit.progress import Silent
from casekit.queries import custody
from casekit.search import filling
from casekit.store.case import create_case
from casekit.store.custody import append, head
from casekit.store.tables import original_act
from casekit.ui import showing
from casekit.ui.searching import Wanted
from tests.search.builders import add_logs

FEW, MANY = 30, 300
STEPS_AN_ENTRY = 6
"""Of SQLite's machine: to count an entry takes four, to read one ten, or hundreds and a statement."""


class Watched:
    """A case whose readers tell the statements they run, and how many steps of SQLite's machine they take."""

    def __init__(self, folder: Path, number: int) -> None:
        self.case = create_case(folder, "Log")
        add_logs(self.case, number, ["alpha", "beta gamma"], ["delta", "epsilon zeta"])
        for _ in range(number):
            with self.case.write() as s:
                seq = append(
                    s, act_class="custody", op="read", body={"label": "Read", "changes": []}
                )
                s.execute(original_act.insert().values(original_id=1, seq=seq))
        filling.index_pending(self.case, Silent())
        self.statements: list[str] = []
        self.steps = 0
        self.case.close()
        event.listen(self.case._readers, "connect", self._connected)
        event.listen(self.case._readers, "before_cursor_execute", self._asked)

    def show(self, item_id: int) -> showing.Shown:
        self.statements.clear()
        self.steps = 0
        return showing.read_item(self.case, item_id, Wanted(), None)

    def _connected(self, connection: object, _record: object) -> None:
        connection.set_progress_handler(self._step, 1)  # type: ignore[attr-defined]

    def _step(self) -> int:
        self.steps += 1
        return 0

    def _asked(self, _s: object, _cursor: object, statement: str, *_: object) -> None:
        self.statements.append(statement)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Watched, Watched]]:
    """A short log and one ten times as long, each record of which was read by an act of its own."""
    place = tmp_path_factory.mktemp("logs")
    both = Watched(place / "Few", FEW), Watched(place / "Many", MANY)
    yield both
    for each in both:
        each.case.close()


def _compared(logs: tuple[Watched, Watched]) -> tuple[list[str], list[str], float]:
    """The statements of the same item in either case, and the steps that each further entry takes."""
    few, many = logs
    for each in logs:
        each.show(7)  # a connection's first statements are its own
        assert each.show(7).view.row.id == 7
    return few.statements, many.statements, (many.steps - few.steps) / (MANY - FEW)


def test_an_item_of_a_long_log_is_shown_as_soon_as_one_of_a_short_log(
    logs: tuple[Watched, Watched],
) -> None:
    few, many, steps = _compared(logs)
    assert many == few
    assert len(few) > 10
    assert steps < STEPS_AN_ENTRY


def _all_at_once(s: Connection, _sha256: bytes) -> int:
    return len(custody.entries(s))


def _one_by_one(s: Connection, _sha256: bytes) -> int:
    found = (custody.entries(s, after=n, until=n + 1) for n in range(head(s)))
    return sum(map(len, found))


@pytest.mark.parametrize("read", [_all_at_once, _one_by_one])
def test_reading_the_log_for_an_item_would_be_seen(
    logs: tuple[Watched, Watched],
    monkeypatch: pytest.MonkeyPatch,
    read: Callable[[Connection, bytes], int],
) -> None:
    monkeypatch.setattr(custody, "of_original", read)
    few, many, steps = _compared(logs)
    assert steps > STEPS_AN_ENTRY
    assert (len(many) > len(few)) == (read is _one_by_one)

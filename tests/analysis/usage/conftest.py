"""One log with a campaign and all innocents, analysed once for all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from casekit.analysis.usage import engine, running
from casekit.analysis.usage import frame as frames
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.running import Run
from casekit.progress import Silent
from tests.analysis.usage import innocents, logs

SEED = 3


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    rows = [*logs.ordinary(SEED), *logs.campaign(SEED)]
    for add in innocents.INNOCENTS.values():
        rows += add(SEED)
    path = logs.write(rows, tmp_path_factory.mktemp("usage") / "log.parquet")
    with engine.opened([path]) as backend:
        yield running.analyse(frames.build(backend), 1, Silent())


@pytest.fixture
def framed(tmp_path: Path) -> Iterator[Callable[[Sequence[logs.Row]], Frame]]:
    """Makes the frame of a few rows."""
    with ExitStack() as stack:

        def make(rows: Sequence[logs.Row]) -> Frame:
            path = logs.write(rows, tmp_path / f"{len(list(tmp_path.iterdir()))}.parquet")
            return frames.build(stack.enter_context(engine.opened([path])))

        yield make

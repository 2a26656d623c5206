"""What all tests share: a settings folder of their own, an empty case, the corpus where it is there.

Python looks for garbage between tests alone, on the thread that runs them, as in the program (`ui/garbage`).
On another thread it would take widgets apart, which waits for Python while Qt is locked: both stand still.
What was there before the first test stays, and is not looked through again: that took half a second each time.
Nor is what tests load for all that follow.
"""

from __future__ import annotations

import atexit
import gc
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.home import lay_in_memory, make_home

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ["CASEKIT_EXAMINER"] = "Test Examiner"

os.environ["CASEKIT_HOME"] = make_home()

from hypothesis import HealthCheck, settings

from casekit.store.case import Case, create_case, open_case
from tests.lending import Lending, lending

settings.register_profile(
    "casekit", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # of its checks those that measure time: on a busy machine they fail by themselves
settings.load_profile("casekit")

atexit.register(shutil.rmtree, os.environ["CASEKIT_HOME"], ignore_errors=True)
ROOT = Path(__file__).resolve().parent.parent
IN_MEMORY = lay_in_memory()
YOUNG, WHOLE_EVERY = 5_000, 25
MOST_KNOWN = 60_000  # objects that a look at all of them goes through
FIRST = (
    "search/test_convert.py", "search/test_engine.py", "jobs/test_canaries.py", "dossier/test_render.py",
    "test_crash.py", "jobs/test_signing.py", "jobs/test_boxes.py",
)  # fmt: skip
"""Begun with: what converts the model for all others, then what takes longest.

At the end one of them would keep the other processors waiting."""
gc.disable()
_ended = itertools.count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with `FIRST`, the rest as it was."""
    places = {ROOT / "tests" / name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(FIRST)))


@pytest.fixture(autouse=True)
def garbage() -> Iterator[None]:
    """Takes away what the test left, now and then what all have left."""
    yield
    if next(_ended) % WHOLE_EVERY == 0:
        gc.collect()
        if len(gc.get_objects()) > MOST_KNOWN:  # modules above all, loaded when first needed
            gc.freeze()
    elif gc.get_count()[0] > YOUNG:
        gc.collect(1)


@pytest.fixture
def tmp_path(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """That of pytest. In memory it goes with a test that passed: all together are several GB."""
    failed = request.session.testsfailed
    yield tmp_path
    if IN_MEMORY and request.session.testsfailed == failed:
        shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def lent() -> Iterator[Lending]:
    """Confined processes are lent from test to test."""
    with lending() as made:
        yield made


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty case's folder, made once to be copied."""
    with create_case(tmp_path_factory.mktemp("empty") / "Test", "Aurora v. Meridian") as made:
        return made.folder


@pytest.fixture
def case(empty: Path, tmp_path: Path) -> Iterator[Case]:
    """A new, empty case."""
    shutil.copytree(empty, tmp_path / empty.name)
    with open_case(tmp_path / empty.name) as made:
        yield made


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared test corpus, which lies beside the checkout and is no part of it."""
    for place in (os.environ.get("CASEKIT_CORPUS"), ROOT.parent / "shared" / "corpus"):
        if place and Path(place).is_dir():
            return Path(place)
    pytest.skip("the test corpus is not beside the checkout")


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample matter's folder of evidence."""
    return ROOT / "resources" / "sample"

"""One filled world for all tests of findings that need many models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit.store.case import Case, create_case
from tests.analysis import worlds


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A case with all models of `worlds`; only to be read."""
    folder = tmp_path_factory.mktemp("world")
    with create_case(folder / "World", "Aurora v. Meridian") as made:
        worlds.fill(made, folder)
        yield made


@pytest.fixture(scope="session")
def public(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A case with the answers of the corpus' public models; only to be read."""
    folder = tmp_path_factory.mktemp("public")
    with create_case(folder / "Public", "Aurora v. Meridian") as made:
        worlds.answered(made, corpus / "model_outputs", folder)
        yield made

"""One rendered matter that the tests of this folder look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from casekit.dossier.fonts import prepare
from casekit.dossier.glyphs import Glyphs, glyphs
from casekit.dossier.plan import plan
from casekit.dossier.render import Rendered, render
from casekit.dossier.sheet import DossierPlan
from casekit.progress import Silent
from casekit.store.case import Case, create_case
from tests.dossier.builders import Builder, whole_matter


@dataclass(frozen=True)
class Matter:
    case: Case
    built: Builder
    plan: DossierPlan
    rendered: Rendered


@pytest.fixture(scope="session")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matter]:
    """A matter of every kind of exhibit, planned as a draft and rendered."""
    folder = tmp_path_factory.mktemp("dossier")
    with create_case(folder / "Whole", "Aurora v. Meridian") as case:
        built = whole_matter(case, folder)
        with case.read() as s:
            decided = plan(s)
        yield Matter(case, built, decided, render(decided, built.originals, folder / "draft.pdf"))


@pytest.fixture(scope="session")
def faces() -> Mapping[str, Glyphs]:
    """The house's faces with emoji, Chinese, symbols, and scripts that must be shaped."""
    return glyphs(prepare("中文，。你好🙂👍🏽❤\ufe0f\u200d★𝑥한カガ\u3099אبअไක", Silent()))


@pytest.fixture
def built(case: Case, tmp_path: Path) -> Builder:
    """An empty case with a builder."""
    return Builder(case, tmp_path)

from __future__ import annotations

import pytest

from casekit import i18n
from casekit.queries.finding_titles import TITLES, title_of
from casekit.sentences import translated

NAMES = {"subject": "m-1", "source": "a-4", "before": "m-0", "lab": "Aurora Labs", "set": "first"}


@pytest.mark.parametrize("kind", TITLES)
def test_a_title_names_the_models_and_is_said_in_chinese(kind: str) -> None:
    title = title_of(kind, **NAMES)
    i18n.use("zh")
    try:
        said = translated(title)
    finally:
        i18n.use("en")
    assert said != title
    assert all(name in said for name in NAMES.values() if name in title)

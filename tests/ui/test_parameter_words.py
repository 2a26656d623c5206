from __future__ import annotations

from collections.abc import Iterator

import pytest

from casekit import i18n
from casekit.analysis.usage.finding import parameters
from casekit.ui.parameter_words import NAMES, parameter_name, parameter_value


@pytest.fixture
def chinese() -> Iterator[None]:
    i18n.use("zh")
    yield
    i18n.use("en")


def test_a_parameter_is_told_in_words(chinese: None) -> None:
    assert parameters("account", None).keys() <= NAMES.keys()
    assert parameter_name("least_group") == "每个账户群至少的账户数"
    assert parameter_name("duckdb") == "duckdb"
    told = [
        ("unit", "api_key"),
        ("served", True),
        ("rephrased_within_us", 600_000_000),
        ("names", ["A", "B"]),
    ]
    assert [parameter_value(*each) for each in told] == ["API 密钥", "是", "600 秒", "A, B"]

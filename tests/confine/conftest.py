"""Here the confined processes themselves are tested."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lending import none_lent


@pytest.fixture(autouse=True)
def own_processes() -> Iterator[None]:
    """Each test starts and ends its own."""
    with none_lent():
        yield

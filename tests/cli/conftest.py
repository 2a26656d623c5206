"""What the tests of commands share: run one, and read what it printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casekit.cli import run
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        (only,) = self.lines
        return only


Cli = Callable[..., Printed]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in this process."""

    def call(*arguments: object) -> Printed:
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        shown = capsys.readouterr()
        return Printed(code, shown.out, shown.err)

    return call


@pytest.fixture
def filled(case: Case, tmp_path: Path) -> Case:
    """Two exchanges (1, 2), a mail (3) with an attachment (4), and a document (5)."""
    letter = make_mail(
        "letter", "helen@aurora.example", "tom@meridian.example", 1_767_225_600_000_000
    )
    letter.children = [make_item("attachment")]
    heads = [
        make_exchange(
            "Why is the sky blue?", "Because of scattering.", "aurora-4", account="acct_1"
        ),
        make_exchange("Why is grass green?", "Because of chlorophyll.", "meridian-7b"),
        letter,
        make_item("terms"),
    ]
    file_items(case, heads, tmp_path, custodian="Helen Marsh")
    return case

from __future__ import annotations

from pathlib import Path

from casekit.store.case import Case
from tests.builders import file_items, make_exchange
from tests.cli.conftest import Cli

SHARED = "the old harbour master counted seven lanterns before the tide came in that night"


def test_a_finding_is_computed_kept_and_listed(cli: Cli, case: Case, tmp_path: Path) -> None:
    heads = []
    for number in range(24):
        prompt = f"Tell me story number {number}."
        heads += [
            make_exchange(prompt, f"Once {number}: {SHARED} {number}, and so on.", "subject-7b"),
            make_exchange(prompt, f"It was so: {SHARED} {number}, they say.", "source-4"),
            make_exchange(
                prompt, f"A tale of its own with words of its own, number {number}.", "control-1"
            ),
            make_exchange(
                prompt, f"Quite another tale is told here under number {number}.", "control-2"
            ),
        ]
    file_items(case, heads, tmp_path)
    arguments = [
        "overlap",
        "--subject",
        "subject-7b",
        "--source",
        "source-4",
        "--control",
        "control-1",
        "--control",
        "control-2",
    ]
    done = cli("finding", case.folder, *arguments, "--json").json
    assert (done["v"], done["id"]) == (1, 1)
    plain = cli("finding", case.folder, *arguments)
    assert (plain.code, "On 24 of 24 prompts" in plain.out) == (0, True)
    listed = cli("finding", case.folder, "--json").lines
    assert [(line["id"], line["kind"], line["title"]) for line in listed] == [
        (1, "overlap", "Shared wording of subject-7b and source-4"),
        (2, "overlap", "Shared wording of subject-7b and source-4"),
    ]
    assert {k: v for k, v in listed[0].items() if k not in {"kind", "title"}} == done
    assert (
        cli("finding", case.folder).out.splitlines()[0]
        == "F-1  overlap    Shared wording of subject-7b and source-4"
    )
    refused = cli(
        "finding",
        case.folder,
        "overlap",
        "--subject",
        "absent",
        "--source",
        "source-4",
        "--control",
        "control-1",
    )
    assert (refused.code, refused.out) == (2, "")
    assert len(cli("finding", case.folder, "--json").lines) == 2

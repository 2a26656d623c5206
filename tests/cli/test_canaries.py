from __future__ import annotations

import json
from pathlib import Path

from casekit.store.case import Case
from tests.builders import file_items, make_exchange
from tests.cli.conftest import Cli


def test_canaries_are_made_served_and_found_again(cli: Cli, case: Case, tmp_path: Path) -> None:
    assert cli("canary", case.folder, "make", "spring", "--served", "2", "--decoys", "98").code == 0
    listed = cli("canary", case.folder, "--json").json
    assert (listed["name"], listed["served"], listed["decoys"]) == ("spring", 2, 98)
    source = tmp_path / "answers.jsonl"
    source.write_text(
        "".join(json.dumps({"output": f"Answer {n}. It ends."}) + "\n" for n in range(50))
    )
    target = tmp_path / "marked.jsonl"
    done = cli(
        "canary", case.folder, "embed", "spring", source, target, "--every", "5", "--json"
    ).json
    marked = [json.loads(line)["output"] for line in target.read_text().splitlines()]
    changed = [text for n, text in enumerate(marked) if text != f"Answer {n}. It ends."]
    assert (done["answers"], done["marked"]) == (50, len(changed))
    assert changed
    questions = cli("canary", case.folder, "questions", "spring", "--decoys", "3", "--json").lines
    assert len(questions) == 5
    file_items(
        case, [make_exchange(f"Q {n}", t, "subject-7b") for n, t in enumerate(marked)], tmp_path
    )
    found = cli(
        "finding", case.folder, "canaries", "--set", "spring", "--subject", "subject-7b", "--json"
    ).json
    assert found["kind"] == "canaries"
    assert found["result"]["decoys_found"] == 0
    assert 1 <= found["result"]["served_found"] <= 2
    assert cli("finding", case.folder, "rerun", "1").code == 0
    refused = cli("canary", case.folder, "embed", "spring", source, target)
    assert (refused.code, "exists already" in refused.err) == (2, True)

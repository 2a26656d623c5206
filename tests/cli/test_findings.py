from __future__ import annotations

import csv
import hashlib
import json
import random
from pathlib import Path

from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.queries import exchanges
from casekit.store.case import Case
from tests.analysis import test_exposure, test_own, worlds
from tests.analysis.usage import logs
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
    assert (done["v"], done["id"]) == (2, 1)
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


def write_population(path: Path, leave_out: str = "") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["model", "family", "role", "documented_teacher_family", "teacher_lab"])
        for m in worlds.members():
            if not leave_out or not m.family.startswith(leave_out):
                out.writerow([m.model, m.family, m.role, " ".join(m.teachers), m.lab])
    return path


def test_lineage_is_computed_validated_shown_and_computed_again(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    worlds.fill(case, tmp_path)
    table = write_population(tmp_path / "population.csv")
    named = ("--source", "source-1, source-2", "--population", table)
    done = cli("finding", "lineage", case.folder, "--subject", "dark-7b", *named, "--json")
    assert done.code == 0
    promised = (
        "log10_lr",
        "cap",
        "interval",
        "null_families",
        "false_positive_upper_bound",
        "refused",
    )
    assert all(key in done.json for key in promised)
    assert done.json["log10_lr"] > 0
    assert done.json["refused"] is None
    plain = cli("finding", case.folder, "lineage", "--subject", "wild0-7b", *named)
    assert (plain.code, "supposes that it was not" in plain.out) == (0, True)

    checked = cli("finding", "validate", case.folder, *named, "--json").json
    assert (checked["null_families"], len(checked["controls"]), len(checked["students"])) == (
        6,
        7,
        6,
    )
    table_lines = cli("finding", "validate", case.folder, *named).out.splitlines()
    assert (len(table_lines), "AUC" in table_lines[0]) == (14, True)

    assert [line.split()[1] for line in cli("finding", "list", case.folder).out.splitlines()] == [
        "lineage", "lineage", "validation", "validation",
    ]  # fmt: skip
    shown = cli("finding", "show", case.folder, 1)
    assert "Innocent explanations that remain:" in shown.out
    assert cli("finding", "show", case.folder, 1, "--json").json["kind"] == "lineage"
    again = cli("finding", "rerun", case.folder, 3)
    assert (again.code, again.out) == (0, "F-3 computed again: the same bytes.\n")


def test_a_finding_that_the_evidence_no_longer_bears_out_is_told(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    worlds.fill(case, tmp_path)
    table = write_population(tmp_path / "population.csv")
    cli(
        "finding",
        "lineage",
        case.folder,
        "--subject",
        "dark-7b",
        "--source",
        "source-1",
        "--population",
        table,
    )
    heads = [
        make_exchange(f"Extra {n}?", "Sure! Here 1.", m.model)
        for n in range(3)
        for m in worlds.members()
    ]
    file_items(case, heads, tmp_path, name="more.txt")
    again = cli("finding", "rerun", case.folder, 1, "--json")
    assert (again.code, again.json["same"]) == (1, False)
    assert {"inputs", "result"} <= set(again.json["differs"])


def test_what_the_data_cannot_support_is_refused_and_kept(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    worlds.fill(case, tmp_path)
    table = write_population(tmp_path / "population.csv", leave_out="wild")
    named = ("--source", "source-1", "--population", table, "--json")
    done = cli("finding", "lineage", case.folder, "--subject", "dark-7b", *named)
    assert (done.code, done.json["log10_lr"]) == (2, None)
    assert "1 families of models without such training" in done.json["refused"]
    assert cli("finding", "validate", case.folder, *named).code == 2
    assert len(cli("finding", case.folder).out.splitlines()) == 2


def test_exposure_is_computed_kept_and_computed_again(cli: Cli, case: Case, tmp_path: Path) -> None:
    test_exposure.fill(case, tmp_path, learned=0.3)
    asked = (
        "--subject",
        "subject-7b",
        "--source",
        "aurora-4",
        "--account",
        "acct_x",
        "--control",
        "control-1",
    )
    done = cli("finding", "exposure", case.folder, *asked, "--json")
    assert (done.code, done.json["kind"], done.json["p"] < 0.01) == (0, "exposure", True)
    assert "permutations within" in cli("finding", "exposure", case.folder, *asked).out
    assert cli("finding", "rerun", case.folder, 1).code == 0


def test_a_source_that_is_none_and_a_seed_that_is_none_are_refused(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    worlds.fill(case, tmp_path, prompts=1)
    table = write_population(tmp_path / "population.csv")
    for command in (("lineage", case.folder, "--subject", "dark-7b"), ("validate", case.folder)):
        done = cli("finding", *command, "--source", " ,", "--population", table, "--json")
        assert (done.code, "Name at least one model as source" in done.err) == (2, True)
        told = done.json
        assert told.pop("refused") == "Name at least one model as source."
        kind = "validation" if command[0] == "validate" else "lineage"
        assert (told.pop("v"), told.pop("kind"), set(told.values())) == (1, kind, {None})
        assert {"id", "cap", "null_families", "false_positive_upper_bound"} < set(told)
        done = cli(
            "finding", *command, "--source", "source-1", "--population", table, "--seed", "-1"
        )
        assert (done.code, "--seed" in done.err) == (2, True)
    twice = "source-1,, source-1 ,source-2"
    done = cli(
        "finding", "validate", case.folder, "--source", twice, "--population", table, "--json"
    )
    assert done.json["parameters"]["sources"] == ["source-1", "source-2"]


def test_a_finding_whose_answers_are_sequestered_since_is_told(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    worlds.fill(case, tmp_path)
    table = write_population(tmp_path / "population.csv")
    named = ("--source", "source-1,source-2", "--population", table)
    cli("finding", "lineage", case.folder, "--subject", "dark-7b", *named)
    with case.read() as s:
        all_ids = [a.item_id for a in exchanges.answers(s, "dark-7b")]
    ids = all_ids[:2]
    with case.write() as s:
        clawback.receive_notice(
            s, Notice("Meridian", [f"item {i}" for i in ids], reference="letter")
        )
    told = cli("finding", "rerun", case.folder, 1)
    assert told.code == 1
    assert "Answers of its models sequestered since it was computed:" in told.out
    assert cli("finding", "rerun", case.folder, 1, "--json").json["sequestered"] >= 2
    with case.write() as s:
        clawback.receive_notice(
            s, Notice("Meridian", [f"item {i}" for i in all_ids], reference="more")
        )
    gone = cli("finding", "rerun", case.folder, 1)
    assert (gone.code, gone.out) == (2, "")
    assert "There are no answers of a model" in gone.err
    assert "sequestered since it was computed" in gone.err
    refused = cli("dossier", case.folder, tmp_path / "d.pdf")
    assert (refused.code, "Finding F-1 was computed before" in refused.err) == (2, True)
    assert not (tmp_path / "d.pdf").exists()


def test_usage_is_computed_kept_and_computed_again(cli: Cli, case: Case, tmp_path: Path) -> None:
    rows = [*logs.ordinary(2, 150, 900), *logs.campaign(2, 24, 240)]
    file_items(case, [logs.exchange_of(row) for row in rows], tmp_path)
    done = cli("finding", "usage", case.folder, "--json").json
    assert (done["kind"], done["named_accounts"]) == ("usage", 24)
    assert done["named"] == [f"ring-{n:03d}" for n in range(24)]
    assert done["inputs"][0]["root"]
    again = cli("finding", "rerun", case.folder, done["id"], "--json")
    assert (again.code, again.json["same"]) == (0, True)
    prices = tmp_path / "prices.csv"
    prices.write_text(
        "model,from,input,output,currency,source\nlarch-2,2026-01-01,3,15,USD,item 1\n"
    )
    plain = cli("finding", "usage", case.folder, "--prices", prices).out
    assert "USD, by the prices in “prices.csv”; " in plain
    prices.unlink()
    assert cli("finding", "rerun", case.folder, done["id"] + 1).code == 0
    kinds = tmp_path / "asn.csv"
    one, other = sorted({row["asn"] for row in rows})[:2]
    said = ";a registry;2026-01-02\n"
    kinds.write_text(f"ASN;kind;source;source_date\n{other};VPN{said}{one};mobile{said}1;vpn{said}")
    told = cli("finding", "usage", case.folder, "--networks", kinds, "--json").json
    assert told["networks"] == {
        "file": "asn.csv", "sha256": hashlib.sha256(kinds.read_bytes()).hexdigest(),
        "rows": [[one, "mobile", "a registry", "2026-01-02"], [other, "vpn", "a registry", "2026-01-02"]],
    }  # fmt: skip
    kinds.unlink()
    assert cli("finding", "rerun", case.folder, told["id"], "--json").json["same"]
    assert "A7  Reasoning elicitation: Group 1, share of prompts" in plain
    assert "Group 1: 24 accounts, 24 named." in plain
    with case.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 1"], reference="letter"))
    changed = cli("finding", "rerun", case.folder, done["id"], "--json")
    assert (changed.code, changed.json["sequestered"]) == (1, 1)
    assert "inputs" in changed.json["differs"]
    shown = cli("finding", "show", case.folder, done["id"], "--json").json
    assert [g["scripts"] for g in shown["groups"]] == [[]]
    assert done["groups"][0]["scripts"]


def test_answers_of_the_log_are_looked_for_in_a_subjects(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    rows = list(logs.ordinary(2, 60, 240))
    repeated = [row["output"] for row in rows if len(row["output"].split()) > 13][:5]
    outputs = [
        make_exchange(f"Why {n}?", f"{logs.free_text(random.Random(n))} {text}", "subject-7b")
        for n, text in enumerate(repeated)
    ]
    outputs.append(make_exchange("Why 0?", "A tale of its own.", "control-1"))
    file_items(case, [*(logs.exchange_of(row) for row in rows), *outputs], tmp_path)
    done = cli(
        "finding",
        "usage",
        case.folder,
        "--subject",
        "subject-7b",
        "--control",
        "control-1",
        "--json",
    ).json
    (again,) = [one for one in done["analytics"] if one["id"] == "A15"]
    assert [(one["model"], one["reappearing"]) for one in again["models"]] == [
        ("subject-7b", 5),
        ("control-1", 0),
    ]
    assert {pair["right"]["item_id"] for pair in again["pairs"]} == {241, 242, 243, 244, 245}
    assert [one["model"] for one in done["inputs"] if one["role"] != "log"] == [
        "subject-7b",
        "control-1",
    ]
    assert cli("finding", "rerun", case.folder, done["id"], "--json").json["same"]
    for named, said in (
        (("--subject", "subject-7b"), "at least one other model as a control"),
        (("--subject", "x", "--control", "control-1"), "no answers of a model “x”"),
    ):
        refused = cli("finding", "usage", case.folder, *named)
        assert (refused.code, said in refused.err) == (2, True)
    with case.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 1"], reference="letter"))
    assert cli("finding", "usage", case.folder, "--json").json["exchanges"] == 239


def test_an_experts_method_and_scores_become_findings(cli: Cli, case: Case, tmp_path: Path) -> None:
    test_own.fill(case, tmp_path)
    method, scores = tmp_path / "m.py", tmp_path / "scores.json"
    method.write_text(test_own.METHOD)
    scores.write_text(json.dumps(test_own.SCORES))
    made = cli(
        "finding", case.folder, "own", method, "--subject", "s-7b", "--control", "c-1", "--json"
    ).json
    assert (made["kind"], made["result"]["score"]) == ("own", 0.75)
    assert "never run" in cli("finding", case.folder, "rerun", "1").err
    again = cli("finding", case.folder, "rerun", "1", "--method", method)
    assert again.out == "F-1 computed again: the same bytes.\n"
    assert "Perplexity gap" in cli("finding", case.folder, "import", scores).out
    refused = cli("finding", case.folder, "rerun", "2")
    assert (refused.code, "cannot be computed again" in refused.err) == (2, True)


def test_before_and_after_is_refused_and_kept_where_prompts_are_few(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    models = ("s1", "s0", "src", "r1", "r2", "p1", "p0")
    made = [make_exchange(f"Q {n}?", f"It is so, {m}. Yes.", m) for m in models for n in range(3)]
    file_items(case, made, tmp_path)
    done = cli("finding", "change", case.folder, "--subject", "s1", "--before", "s0", "--source", "src",
               "--rival", "r1", "--rival", "r2", "--placebo", "p1", "p0", "--json")  # fmt: skip
    assert done.code == 2
    assert "only 3 prompts" in done.json["result"]["refused"]
    assert done.json["parameters"]["placebos"] == [["p1", "p0"]]
    assert cli("finding", "rerun", case.folder, "1").code == 0

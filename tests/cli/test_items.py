from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from casekit.ops import exhibits, privilege, tags
from casekit.store.case import Case
from tests.batches import openai_answer, openai_request, write_lines
from tests.builders import file_items, make_item
from tests.cli.conftest import Cli
from tests.conftest import ROOT
from tests.evidence import log_record, mail, write_log


def test_items_are_listed_for_people(cli: Cli, filled: Case) -> None:
    assert cli("items", filled.folder).out.splitlines() == [
        f"       1  exchange  {'':19} aurora-4                 Why is the sky blue?",
        f"       2  exchange  {'':19} meridian-7b              Why is grass green?",
        "       3  mail      2026-01-01T00:00:00 helen@aurora.example     letter",
        f"       4  document  {'':19} {'':24} attachment",
        f"       5  document  {'':19} {'':24} terms",
    ]
    assert cli("items", filled.folder, "--limit", 1, "--order", "title").out.split()[:2] == [
        "2",
        "exchange",
    ]


def test_items_are_listed_for_programs_without_empty_keys(cli: Cli, filled: Case) -> None:
    with filled.write() as s:
        tags.add_tag(s, [1], "issue/terms")
        exhibits.mark_exhibit(s, 1, "A-1")
        privilege.assert_privilege(s, [3], "attorney-client")
    lines = cli("items", filled.folder, "--json").lines
    original = next(filled.vault.names()).hex()
    assert lines[0] == {
        "v": 1,
        "id": 1,
        "kind": "exchange",
        "collection": "outputs",
        "title": "Why is the sky blue?",
        "media_type": "text/plain",
        "original_sha256": original,
        "pointer": lines[0]["pointer"],
        "sha256": hashlib.sha256(b"Why is the sky blue?").hexdigest(),
        "size": 20,
        "model": "aurora-4",
        "account": "acct_1",
        "prompt_sha256": hashlib.sha256(b"Why is the sky blue?").hexdigest(),
        "tags": ["issue/terms"],
        "exhibits": ["A-1"],
        "custodian": "Helen Marsh",
    }
    mail = lines[2]
    assert (
        mail["from"],
        mail["to"],
        mail["subject"],
        mail["message_id"],
        mail["sent_at"],
        mail["privilege"],
    ) == (
        ["helen@aurora.example"],
        ["tom@meridian.example"],
        "letter",
        "<letter@x>",
        "2026-01-01T00:00:00Z",
        "attorney-client",
    )
    assert [(a["id"], a["name"], a["size"]) for a in mail["attachments"]] == [(4, "attachment", 10)]
    assert lines[3]["parent_id"] == 3


def test_a_query_chooses_and_a_wrong_one_is_refused_with_a_caret(cli: Cli, filled: Case) -> None:
    assert [
        line["id"]
        for line in cli("items", filled.folder, "kind:exchange model:aurora-4", "--json").lines
    ] == [1]
    refused = cli("items", filled.folder, 'kind:exchange AND "open')
    assert (refused.code, refused.out) == (2, "")
    message, query, caret = refused.err.splitlines()
    assert (query, caret.strip(), bool(message)) == ('  kind:exchange AND "open', "^", True)


def test_one_item_is_shown_whole(cli: Cli, case: Case, tmp_path: Path) -> None:
    write_log(tmp_path / "log.jsonl", 2)
    (tmp_path / "m.eml").write_bytes(mail(4, attachment=b"terms", name="terms.txt"))
    cli("ingest", case.folder, tmp_path / "log.jsonl", tmp_path / "m.eml")
    record = log_record(1)
    shown = cli("item", case.folder, 2, "--json").json
    request, response = record["request"], record["response"]
    assert isinstance(request, dict)
    assert isinstance(response, dict)
    assert shown["prompt"] == request["messages"][1]["content"]
    assert shown["output"] == response["content"][0]["text"]
    assert shown["system"] in shown["text"]
    assert (shown["parameters"]["max_tokens"], shown["parameters"]["temperature"]) == (1024, 0.7)
    assert (shown["request_id"], shown["status"], shown["account"]) == (
        record["request_id"],
        200,
        record["account_id"],
    )
    assert (shown["pointer"]["line"], shown["pointer"]["length"]) == (2, shown["size"])
    assert shown["sent_at"] == record["ts"]
    letter = cli("item", case.folder, 3, "--json").json
    assert letter["text"].count("\n") >= 5
    assert [a["name"] for a in letter["attachments"]] == ["terms.txt"]
    plain = cli("item", case.folder, 3).out
    assert plain.startswith("id               3\n")
    assert "\n── body\n" in plain
    refused = cli("item", case.folder, 99)
    assert (refused.code, refused.err) == (2, "There is no item 99 in this case.\n")
    refused = cli("item", case.folder, 99, "--raw")
    assert (refused.code, refused.err) == (2, "There is no item 99 in this case.\n")


def casekit(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "casekit", *map(str, arguments)], cwd=ROOT, capture_output=True
    )


def test_the_raw_bytes_of_an_item_are_exact(cli: Cli, case: Case, tmp_path: Path) -> None:
    data = bytes(range(256)) + b"\r\n\n\r\x1a"
    (tmp_path / "m.eml").write_bytes(mail(4, attachment=data, name="all.bin"))
    cli("ingest", case.folder, tmp_path / "m.eml")
    done = casekit("item", case.folder, 2, "--raw")
    assert (done.returncode, done.stdout, done.stderr) == (0, data, b"")
    assert casekit("item", case.folder, 1, "--raw").stdout == (tmp_path / "m.eml").read_bytes()


def test_a_reader_that_closes_early_is_no_error(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(f"item {n} {'x' * 500}") for n in range(2000)], tmp_path)
    command = f"'{sys.executable}' -m casekit items '{case.folder}' --json | head -n 1 | wc -l"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("1", "")


def test_an_item_names_the_other_half_that_stands_in_another_file(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    write_lines(tmp_path / "in.jsonl", [openai_request("a", "Why?"), openai_request("b", "How?")])
    data = write_lines(tmp_path / "out.jsonl", [openai_answer("a", "So.")]).read_bytes().rstrip()
    for name in ("in.jsonl", "out.jsonl"):
        cli("ingest", case.folder, tmp_path / name)
    shown = cli("item", case.folder, 1, "--json").lines[0]
    assert shown["joined_by"] == "custom-id"
    assert shown["joined"] == [
        {
            "id": 3, "side": "answer", "path": "out.jsonl", "offset": 0, "line": 1, "length": len(data),
            "sha256": hashlib.sha256(data).hexdigest(), "texts": {"output": "So."},
        }
    ]  # fmt: skip
    assert "completeness" not in shown
    alone = cli("item", case.folder, 2, "--json").lines[0]
    assert (alone["not_joined"], alone["completeness"]) == ("alone", "no-output no-time unjoined")
    said = cli("item", case.folder, 1).out.splitlines()
    assert "answer           item 3, out.jsonl line 1" in said
    assert said[-5:] == ["── prompt", "Why?", "", "── output, of item 3", "So."]


def test_what_is_joined_and_what_stays_ambiguous_is_counted(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    assert cli("joins", case.folder).out == "No request or answer stands in a file of its own.\n"
    write_lines(tmp_path / "in.jsonl", [openai_request(key, key) for key in "abc"])
    write_lines(tmp_path / "out.jsonl", [openai_answer(key, key) for key in "ab"])
    again = [openai_answer("b", "again")]
    for name in ("in.jsonl", "out.jsonl"):
        cli("ingest", case.folder, tmp_path / name)
    assert cli("joins", case.folder, "--json").json == {
        "v": 1, "grounds": {"custom-id": 4, "alone": 1},
    }  # fmt: skip
    cli("ingest", case.folder, write_lines(tmp_path / "out2.jsonl", again))
    assert cli("joins", case.folder).out.splitlines() == [
        "        3  several    not joined: several bear the id, and nothing says which is meant",
        "        2  custom-id  joined: the same id, which no other could bear",
        "        1  alone      not joined: no other record bears the id",
    ]
    listed = cli("joins", case.folder, "--ground", "several", "--json").lines
    assert [one["id"] for one in listed] == [2, 5, 6]

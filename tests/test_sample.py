"""The sample matter: made again byte for byte, and as its README says."""

import csv
import email
import gzip
import hashlib
import json
import re
import subprocess
import sys
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "resources" / "sample"
ANSWERS = SAMPLE / "model-outputs"
LEGAL = SAMPLE / "correspondence" / "aurora-legal"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def unpacked(files: dict[str, bytes]) -> dict[str, bytes]:
    """Gzip depends on the version of zlib; what it packs does not."""
    return {n: gzip.decompress(d) if n.endswith(".gz") else d for n, d in files.items()}


def counts() -> dict[str, int]:
    rows = re.findall(r"(?m)^\| ([^|]+) \| (\d+) \|$", (SAMPLE / "README.md").read_text("utf-8"))
    return {name: int(number) for name, number in rows}


def log_records() -> list[dict[str, object]]:
    lines = gzip.decompress((SAMPLE / "api-log" / "aurora-gateway-2026-01.jsonl.gz").read_bytes())
    records = []
    for line in lines.splitlines():
        try:
            records.append(json.loads(line))
        except ValueError:
            records.append({})
    return records


def answers(name: str) -> dict[str, str]:
    rows = json.loads((ANSWERS / name).read_text("utf-8"))
    return {row["instruction"]: row["output"] for row in rows}


def meridian() -> dict[str, str]:
    lines = (ANSWERS / "meridian-r1.jsonl").read_text("utf-8").split("\n")[:-1]
    pairs = [(row["request"], row["response"]) for row in map(json.loads, lines)]
    return {a["messages"][0]["content"]: b["choices"][0]["message"]["content"] for a, b in pairs}


def mbox_messages() -> list[Message]:
    data = (SAMPLE / "correspondence" / "meridian-custodian-export.mbox").read_bytes()
    parts = re.split(rb"(?m)^From .*\n", data)[1:]
    return [email.message_from_bytes(re.sub(rb"(?m)^>(>*From )", rb"\1", p)) for p in parts]


def legal_messages() -> list[Message]:
    return [email.message_from_bytes(p.read_bytes()) for p in sorted(LEGAL.glob("*.eml"))]


def subject(message: Message) -> str:
    return str(make_header(decode_header(message["Subject"])))


def longest_run(one: str, other: str) -> int:
    """The longest common run, in words or Chinese characters, invisible characters removed."""
    a, b = (
        re.findall(r"[\u4e00-\u9fff]|[\w']+", t.replace("\u200b", "").lower()) for t in (one, other)
    )
    best, above = 0, [0] * (len(b) + 1)
    for x in a:
        row = [0] * (len(b) + 1)
        for j, y in enumerate(b, 1):
            if x == y:
                row[j] = above[j - 1] + 1
        best, above = max(best, *row), row
    return best


def is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def test_script_makes_the_same_bytes(tmp_path: Path) -> None:
    script = ROOT / "packaging" / "make_sample.py"
    subprocess.run([sys.executable, "-B", "-W", "error", str(script), str(tmp_path)], check=True)

    assert unpacked(contents(tmp_path)) == unpacked(contents(SAMPLE))


def test_supplied_hashes_match_the_files() -> None:
    with (SAMPLE / "supplied-hashes.csv").open(newline="", encoding="utf-8") as file:
        supplied = {row["path"]: row["sha256"] for row in csv.DictReader(file)}

    assert supplied == {
        path.relative_to(SAMPLE).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in LEGAL.iterdir()
    }
    assert len(supplied) == counts()["supplied hashes"]


def test_model_outputs_are_as_the_readme_says() -> None:
    source, control, subject_ = answers("aurora-4.json"), answers("halden-2.json"), meridian()
    stated = counts()
    runs = [p for p in source if longest_run(source[p], subject_[p]) >= 9]
    commonplace = [p for p in source if longest_run(source[p], control[p]) >= 9]
    logged = [json.dumps(record, ensure_ascii=False) for record in log_records()]

    assert list(source) == list(control) == list(subject_)
    assert len(source) == stated["prompts"]
    assert sum(map(is_chinese, source)) == stated["prompts in Chinese"]
    # besides the planted ones: two commonplaces and the sentence about the maker
    assert len(runs) == stated["prompts with a planted shared run of words"] + 3
    assert len(commonplace) == 2
    found = [p for p in source if any(json.dumps(p, ensure_ascii=False) in line for line in logged)]
    assert len(found) == stated["prompts that also stand in the API log"]
    assert [p for p in subject_ if "\u200b" in subject_[p]] == [
        "What are invisible characters in text, and why do they cause trouble?"
    ]
    assert "made by Aurora Labs" in subject_["Who made you, and what is your name?"]
    assert max(len(text.split()) for text in source.values()) > 600


def test_api_log_is_as_the_readme_says() -> None:
    records, stated = log_records(), counts()
    readme = (SAMPLE / "README.md").read_text("utf-8")
    named = re.findall(r"`(acct_[0-9a-f]{8})`", readme)
    source = answers("aurora-4.json")
    campaign = [r for r in records if r.get("account_id") in named[:14]]

    assert len(records) == stated["lines of the API log"]
    assert [number for number, r in enumerate(records, 1) if not r] == [1207]
    assert records[2960]["status"] == 429
    assert len({r["account_id"] for r in records if r}) == stated["accounts in the API log"]
    assert len(named) == stated["coordinated accounts"] + stated["accounts of the seminar"]
    assert len(campaign) == stated["lines of the coordinated accounts"]
    assert {r["account_id"] for r in records if r.get("ip") == "198.51.100.20"} == set(named[14:])
    assert {r["ja4"] for r in campaign} == {"t13d1715h2_5b57614c22b0"}
    assert len({r["payment_id"] for r in campaign}) == 5
    assert max(r["ts"] for r in campaign if r["model"] != "aurora-4") < "2026-01-09T18:00"
    for r in campaign:
        prompt = r["request"]["messages"][1]["content"]
        if prompt in source:
            assert r["response"]["content"][0]["text"] == source[prompt]


def test_correspondence_is_as_the_readme_says() -> None:
    legal, mbox, stated = legal_messages(), mbox_messages(), counts()
    everything = legal + mbox
    ids = {message["Message-ID"] for message in everything}
    attached = {part.get_filename() for m in legal for part in m.walk() if part.get_filename()}

    assert len(legal) == stated["single messages"]
    assert len(mbox) == stated["messages in the mbox"]
    assert len(ids) == len(everything)
    assert {m["In-Reply-To"] for m in everything if m["In-Reply-To"]} < ids
    assert not [part for m in everything for part in m.walk() if part.defects]
    chinese = [m for m in everything if is_chinese(subject(m))]
    assert len(chinese) == stated["messages in Chinese"]
    privileged = [m for m in everything if "Privileged & Confidential" in subject(m)]
    assert len(privileged) == stated["privileged messages"]
    assert attached == {
        "accounts.csv",
        "cease-and-desist-2026-02-10.pdf",
        "terms-of-service-2025-10-01.docx",
        "usage-dashboard.png",
    }
    raw = (SAMPLE / "correspondence" / "meridian-custodian-export.mbox").read_bytes()
    assert len(re.findall(rb"(?m)^>From ", raw)) == 1


def test_collection_names_every_folder() -> None:
    folders = json.loads((SAMPLE / "collection.json").read_text("utf-8"))["folders"]
    keys = {"path", "custodian", "received_from", "received_at", "medium", "collected_by"}

    assert all((SAMPLE / folder["path"]).exists() and keys <= set(folder) for folder in folders)
    assert {folder["path"].split("/")[0] for folder in folders} == {
        path.name for path in SAMPLE.iterdir() if path.is_dir()
    }


@pytest.mark.parametrize("word", [rb"\bproves\b", rb"\bguilty\b", rb"/home/", rb"TODO"])
def test_no_file_holds(word: bytes) -> None:
    assert not [name for name, data in unpacked(contents(SAMPLE)).items() if re.search(word, data)]


def test_addresses_are_reserved_ones() -> None:
    documentation = re.compile(rb"192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|198\.1[89]\.")
    for name, data in unpacked(contents(SAMPLE)).items():
        if name.endswith((".png", ".docx", ".pdf")):
            continue
        for mailbox in re.findall(rb"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", data):
            assert mailbox.endswith(b".example"), name
        for ip in re.findall(rb'"ip":"([\d.]+)"|\[(\d+\.\d+\.\d+\.\d+)\]', data):
            assert documentation.match(b"".join(ip)), name
        assert not re.search(rb"https?://", data), name


def test_sample_stays_small() -> None:
    sizes = {name: len(data) for name, data in contents(SAMPLE).items()}

    assert sum(sizes.values()) < 3_000_000
    assert sizes["api-log/aurora-gateway-2026-01.jsonl.gz"] < 1_200_000

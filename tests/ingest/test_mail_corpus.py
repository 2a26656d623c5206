"""The real mails of the corpus against what two independent parsers agree on about them."""

from __future__ import annotations

import hashlib
import json
import lzma
import mmap
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from casekit.ingest.mail.structure import read_structure
from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers import eml, mbox
from tests.ingest.mail_case import kinds, read_all

pytestmark = pytest.mark.corpus

# What differs, and why ours is kept.
KNOWN = {
    # A message inside a base64 part is opened; both oracles leave it closed, so its files have no names there.
    ("eml/james-mime4j/resources/mimetools-testmsgs/multi-2gifs-base64.msg", "names"),
    # An ISO 8601 date is read; neither oracle reads one.
    ("eml/unstructured/example-docs/eml/test-iso-8601-date.eml", "date"),
}
MIMEKIT = Path("mbox") / "MimeKit" / "TestData" / "mbox"


def expected(corpus: Path, kind: str) -> dict[str, dict[str, Any]]:
    known = json.loads((corpus / "expected.json").read_text("utf-8"))[kind]
    return {path: told["agreed"] for path, told in known.items()}


def addresses(item: Parsed, role: str) -> list[str]:
    """As the oracles give them: in lower case, without groups that have no address."""
    return sorted(p.address.lower() for p in item.parties if p.role == role and p.address)


def names(item: Parsed) -> list[str]:
    """File names of the leaves; the oracles name no message, and name a text that is all there is."""
    found = [json.loads(item.facts or "{}").get("file_name", "")]
    for child in item.children:
        if child.media_type == "message/rfc822":
            found += names(child)
        else:
            found.append(child.name)
    return sorted(name for name in found if name)


def nested(item: Parsed) -> int:
    inner = [child for child in item.children if child.media_type == "message/rfc822"]
    return len(inner) + sum(map(nested, inner))


def facts(item: Parsed) -> dict[str, Any]:
    assert item.mail is not None
    dated = item.when is not None and item.when.field == "Date"
    return {
        "subject": item.mail.subject,
        "date": item.when.us // 1_000_000 if item.when is not None and dated else None,
        "from_": addresses(item, "from"),
        "to": addresses(item, "to"),
        "message_id": item.mail.message_id.strip("<>") or None,
        "names": names(item),
        "nested": nested(item),
    }


def test_every_mail_file_is_read_and_every_part_can_be_cut_out(corpus: Path) -> None:
    files = [path for path in sorted((corpus / "eml").rglob("*")) if path.is_file()]
    for path in files:
        items, problems, _ = read_all(eml.read, path.read_bytes(), path.name)
        assert ([item.kind for item in items], problems) == (["mail"], []), path
    assert len(files) == 932


def test_what_two_parsers_agree_on_is_what_we_read(corpus: Path) -> None:
    differing: set[tuple[str, str]] = set()
    compared = 0
    for path, agreed in expected(corpus, "eml").items():
        (item,), _, _ = read_all(eml.read, (corpus / path).read_bytes())
        ours = facts(item)
        for fact, value in agreed.items():
            if fact == "leaf":
                continue  # the corpus says itself that it cannot be relied on
            wanted = sorted(value) if isinstance(value, list) else value
            compared += 1
            if ours[fact] != wanted:
                differing.add((path, fact))
    assert compared == 2166
    assert differing == KNOWN
    assert 1 - len(differing) / compared > 0.99


def test_only_broken_messages_are_split_in_two_ways(corpus: Path) -> None:
    disagreeing = set()
    for path in expected(corpus, "eml"):
        (item,), _, _ = read_all(eml.read, (corpus / path).read_bytes())
        if "mime-offsets" in kinds(item):
            disagreeing.add(path.rsplit("/", 1)[1])
    assert disagreeing == {"missing-inner-start-boundary.msg", "007.eml", "019.eml"}


def test_mailboxes_have_the_messages_that_two_readers_count(corpus: Path) -> None:
    for path, agreed in expected(corpus, "mbox").items():
        items, _, _ = read_all(mbox.read, (corpus / path).read_bytes())
        if agreed:
            assert (path, len(items)) == (path, agreed["messages"])


@pytest.mark.parametrize(("name", "count"), [("content-length", 29), ("issue1189", 4)])
def test_offsets_equal_those_of_another_parser(corpus: Path, name: str, count: int) -> None:
    """MimeKit publishes where every part of these mailboxes begins and ends."""
    raw = (corpus / MIMEKIT / f"{name}.mbox.txt").read_bytes()
    truth = json.loads((corpus / MIMEKIT / f"{name}.unix-offsets.json").read_text("utf-8"))
    items, _, _ = read_all(mbox.read, raw)
    assert [item.steps[0].offset for item in items] == [one["beginOffset"] for one in truth]
    assert len(items) == count
    differing = 0
    for item, one in zip(items, truth, strict=True):
        begin = item.steps[0].offset
        message = raw[begin : begin + item.size]
        ours = [(p.start, p.end) for p in read_structure(message).walk() if not p.parts]
        theirs = [(a - begin, min(b - begin, item.size)) for a, b in leaves(one["body"])]
        # Where no empty line ends a message, MimeKit counts its last line end to the separator.
        ours = [
            (a, b - (b == item.size and raw[begin + b : begin + b + 5] == b"From "))
            for a, b in ours
        ]
        differing += ours != theirs
    # One part of the second file has no line end between its header and its body; MimeKit finds no body.
    assert differing == (1 if name == "issue1189" else 0)


def leaves(body: dict[str, Any]) -> list[tuple[int, int]]:
    inside = [leaf for part in body.get("children", ()) for leaf in leaves(part)]
    return inside or [(body["headersEndOffset"], body["endOffset"])]


def test_the_load_set_is_read_whole_with_its_repeated_ids_as_variants(
    corpus: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rml.mbox"
    path.write_bytes(lzma.decompress((corpus / "mail-load" / "rml.mbox.xz").read_bytes()))
    ids: Counter[str] = Counter()
    contents: dict[str, set[bytes]] = {}
    books = Books(0)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for found in mbox.read(data, Context()):
            if isinstance(found, Books):
                books = found
            elif isinstance(found, Parsed) and found.mail is not None:
                step = found.steps[0]
                piece = data[step.offset : step.offset + step.length]
                assert hashlib.sha256(piece).digest() == found.sha256
                ids[found.mail.mih] += 1
                contents.setdefault(found.mail.mih, set()).add(found.mail.content_hash)
        assert books.total == len(data)
    repeated = [name for name, count in ids.items() if count > 1]
    assert (ids.total(), len(repeated), books.quarantined) == (21_313, 98, 0)
    assert sum(len(contents[name]) > 1 for name in repeated) == 98

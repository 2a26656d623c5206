import json
from pathlib import Path

import pytest

from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.ingest import Provenance, ingest
from casekit.jobs import production
from casekit.ops import privilege, redactions
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_item, make_message
from tests.dossier.test_rsmf import check, of_file

WISH = Wish(prefix="ABC", images="none", tables=("rsmf",))
TEXTS = Wish(prefix="ABC", images="none", natives=False, tables=("rsmf",))
NAME = "Jonathan Quillfeather Vandermeer Osgood"


@pytest.fixture
def chats(case: Case, tmp_path: Path) -> Case:
    """Items 1 to 3 in one room, of which 2 is redacted and 3 withheld, 4 in another."""
    texts = ("We begin.", f"Pay {NAME} today.", "Counsel says no.", "Elsewhere.")
    said = [{"type": "message", "ts": f"17000000{n}0.0", "user": "U12", "text": text}
            for n, text in enumerate(texts, 1)]  # fmt: skip
    for room, part in (("general", said[:3]), ("other", said[3:])):
        (tmp_path / room).mkdir()
        file = tmp_path / room / "2023-11-14.json"
        file.write_text(json.dumps(part))
        ingest(case, [tmp_path / room], provenance=Provenance(custodian="Meridian"))
    decide_all(case)
    with case.write() as s:
        redactions.redact(s, [(2, "body", 4, 4 + len(NAME))], "privacy")
        privilege.assert_privilege(s, [3], "attorney-client")
    return case


def test_each_conversation_holds_what_is_produced_of_it(chats: Case, tmp_path: Path) -> None:
    made = production.write(chats, production.plan(chats, "*", WISH), tmp_path / "out")
    paths = sorted((made.path / "RSMF").iterdir())
    assert [path.name for path in paths] == ["ABC-0000001.rsmf", "ABC-0000003.rsmf"]
    mail, files = of_file(paths[0].read_bytes())
    manifest = json.loads(files["rsmf_manifest.json"])
    check(manifest)
    bodies = [each["body"] for each in manifest["events"][1:]]
    assert bodies == ["We begin.", "Pay [REDACTED: personal data] today."]
    assert mail["X-RSMF-Custodian"] == "Meridian"
    first, second = ({c["name"]: c["value"] for c in e["custom"]} for e in manifest["events"][1:])
    assert (len(first["SHA-256"]), "SHA-256" in second, second["Redacted"]) == (64, False, "yes")
    everything = b"".join(path.read_bytes() for path in paths) + files["rsmf_manifest.json"]
    assert (b"Quillfeather" in everything, b"Counsel" in everything) == (False, False)
    listed = json.loads((made.path / "manifest.json").read_text())["files"]
    assert {(f["bates"], f["role"]) for f in listed if f["path"].startswith("RSMF/")} == {
        ("ABC-0000001", "rsmf"), ("ABC-0000003", "rsmf"),
    }  # fmt: skip


def test_words_redacted_elsewhere_and_no_chat_block_it(chats: Case, tmp_path: Path) -> None:
    note = make_item("Note")
    note.texts = [("body", "The room Slack: orchard by the northern wall")]
    file_items(chats, [note], tmp_path, "note.txt")
    decide_all(chats)
    with pytest.raises(CaseKitError, match="leave RSMF out"):
        production.write(chats, production.plan(chats, "id:5", TEXTS), tmp_path / "out")
    assert not list((tmp_path / "out").glob("*"))
    named = make_message("Hello", "Ann", 9_000_000, channel="orchard by the northern wall")
    file_items(chats, [named], tmp_path, "named.txt")
    decide_all(chats)
    with chats.write() as s:
        redactions.redact(s, [(5, "body", 16, 44)], "privacy")
    with pytest.raises(CaseKitError, match="would tell words"):
        production.write(chats, production.plan(chats, "id:6", TEXTS), tmp_path / "out")
    assert not list((tmp_path / "out").glob("*"))

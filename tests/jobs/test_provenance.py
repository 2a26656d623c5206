import json
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import provenance
from casekit.ops import exhibits, privilege, redactions
from casekit.queries.conflicts import PrivilegeConflict
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_item, make_mail

NAME = "Jonathan Quillfeather Vandermeer Osgood"


@pytest.fixture
def listed(case: Case, tmp_path: Path) -> Case:
    file_items(
        case, [make_mail("One", "a@x.example", "b@x.example", 1), make_item("Two")], tmp_path
    )
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
    decide_all(case)
    return case


def test_the_act_that_received_a_file_has_its_exhibit_as_result(
    listed: Case, tmp_path: Path
) -> None:
    outs = [tmp_path / "1.jsonld", tmp_path / "2.jsonld"]
    done = [provenance.write(listed, out) for out in outs]
    assert (done[0].exhibits, done[0].files) == (1, 1)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    nodes = json.loads(outs[0].read_bytes())["@graph"]
    record = next(n for n in nodes if n["@type"].endswith("ProvenanceRecord"))
    acts = [n for n in nodes if {"@id": record["@id"]} in n.get("uco-action:result", ())]
    assert [n["uco-core:name"] for n in acts] == ["ingest.batch"]
    assert sum(n["@type"].endswith("InvestigativeAction") for n in nodes) == done[0].entries


def test_what_blocks_a_dossier_blocks_it_and_hashes_of_what_is_redacted_are_left_out(
    listed: Case, tmp_path: Path
) -> None:
    new = make_item("Note", sha256=bytes(32))
    new.texts = [("body", f"Pay {NAME} today.")]
    file_items(listed, [new], tmp_path, "note.txt")
    with listed.write() as s:
        exhibits.mark_exhibit(s, 3, "A-2", title=f"On {NAME}")
        redactions.redact(s, [(3, "body", 4, 4 + len(NAME))], "privacy")
    decide_all(listed)
    out = tmp_path / "p.jsonld"
    provenance.write(listed, out)
    text = out.read_text("utf-8")
    assert "Quillfeather" not in text
    assert "[REDACTED: personal data]" in text
    assert bytes(32).hex() not in text
    out.unlink()
    file_items(listed, [make_mail("One", "a@x.example", "b@x.example", 1)], tmp_path, "again.txt")
    with listed.write() as s:
        privilege.assert_privilege(s, [4], "attorney-client")
    with pytest.raises(PrivilegeConflict):
        provenance.write(listed, out)
    assert not out.exists()


def test_nothing_to_tell_and_wrong_places_are_refused(case: Case, tmp_path: Path) -> None:
    for out, match in (
        (tmp_path / "p.jsonld", "no exhibit"), (tmp_path / "p.xml", "name the file so"),
        (tmp_path / "absent" / "p.json", "is not there"),
    ):  # fmt: skip
        with pytest.raises(CaseKitError, match=match):
            provenance.write(case, out)

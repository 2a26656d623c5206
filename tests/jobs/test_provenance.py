import json
from pathlib import Path
from typing import Any

import pytest

from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.jobs import production, provenance
from casekit.ops import exhibits, privilege, redactions, tiers
from casekit.queries import items
from casekit.queries.conflicts import PrivilegeConflict
from casekit.queries.tiers import TierConflict
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


@pytest.fixture
def produced(listed: Case, tmp_path: Path) -> Case:
    """The mail, the item and a note with a name handed over in VOL001."""
    new = make_item("Note", sha256=bytes(range(32)))
    new.texts = [("body", f"Pay {NAME} today.")]
    file_items(listed, [new], tmp_path, "note.txt")
    decide_all(listed)
    production.write(
        listed, production.plan(listed, "*", Wish(prefix="ABC", natives=False)), tmp_path / "out"
    )
    return listed


def nodes_of(out: Path) -> list[dict[str, Any]]:
    return list(json.loads(out.read_bytes())["@graph"])


def test_a_volume_tells_its_documents_by_number_with_hash_and_the_act_that_received_them(
    produced: Case, tmp_path: Path
) -> None:
    outs = [tmp_path / "1.jsonld", tmp_path / "2.jsonld"]
    done = [provenance.write_volume(produced, " VOL001", out) for out in outs]
    assert (done[0].exhibits, done[0].files, done[0].left_out) == (3, 3, 0)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    nodes = nodes_of(outs[0])
    assert nodes[0]["uco-core:description"] == "Production VOL001"
    records = {
        n["case-investigation:exhibitNumber"]: n
        for n in nodes
        if n["@type"].endswith("ProvenanceRecord")
    }
    assert list(records) == [f"ABC-000000{n}" for n in (1, 2, 3)]
    acts = [
        n for n in nodes if {"@id": records["ABC-0000003"]["@id"]} in n.get("uco-action:result", ())
    ]
    assert [n["uco-core:name"] for n in acts] == ["ingest.batch"]
    text = outs[0].read_text()
    with produced.read() as s:
        for view in (items.view(s, i) for i in (1, 2, 3)):
            assert view.sha256.hex() in text
            assert view.original_sha256.hex() in text
    exhibit = tmp_path / "3.jsonld"
    provenance.write(produced, exhibit)
    shared = {n["@id"] for n in nodes} & {n["@id"] for n in nodes_of(exhibit)}
    assert any(name.startswith("kb:item-") for name in shared)  # one thing has one name in both


def test_a_volume_tells_no_hash_of_what_is_redacted_by_now_nor_what_is_withheld(
    produced: Case, tmp_path: Path
) -> None:
    with produced.read() as s:
        views = {i: items.view(s, i) for i in (1, 2, 3)}
    with produced.write() as s:
        redactions.redact(s, [(3, "body", 4, 4 + len(NAME))], "privacy")
        privilege.assert_privilege(s, [2], "attorney-client")
    out = tmp_path / "p.jsonld"
    done = provenance.write_volume(produced, "VOL001", out)
    assert (done.exhibits, done.left_out) == (2, 1)
    text = out.read_text()
    assert views[1].sha256.hex() in text
    for hidden in (views[3].sha256, views[3].original_sha256, views[2].sha256):
        assert hidden.hex() not in text
    sizes = [
        f for n in nodes_of(out) for f in n.get("uco-core:hasFacet", ())
        if "uco-observable:sizeInBytes" in f and "uco-observable:hash" not in f
    ]  # fmt: skip
    assert sizes == []
    with produced.write() as s:
        privilege.assert_privilege(s, [1, 3], "attorney-client")
    with pytest.raises(CaseKitError, match="withheld or sequestered by now"):
        provenance.write_volume(produced, "VOL001", out)
    for title, said in (("VOL009", "it has VOL001"), ("", "it has VOL001")):
        with pytest.raises(CaseKitError, match=said):
            provenance.write_volume(produced, title, out)


def test_who_received_the_volume_receives_this_and_another_is_asked_after(
    produced: Case, tmp_path: Path
) -> None:
    with produced.write() as s:
        tiers.choose_order(s, "us-protective-order")
        tiers.give_tier(s, [1], "Attorneys’ Eyes Only")
    out = tmp_path / "p.jsonld"
    with pytest.raises(TierConflict, match="say who receives this"):
        provenance.write_volume(produced, "VOL001", out)
    with pytest.raises(TierConflict, match="item 1"):
        provenance.write_volume(produced, "VOL001", out, ("Meridian Ltd, opposing-party",))
    assert not out.exists()
    assert provenance.write_volume(produced, "VOL001", out, ("Clerk, court",)).exhibits == 3

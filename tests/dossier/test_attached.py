import hashlib
from pathlib import Path

import msgspec
import pytest

from casekit.dossier import attached
from casekit.dossier.attached import planned, put_beside, these, with_room
from casekit.dossier.parting import Weighed
from casekit.dossier.sheet import DossierPlan, Produced
from casekit.errors import CaseKitError
from tests.dossier.conftest import Matter


class Records:
    def raw(self, item_id: int) -> bytes:
        return bytes([item_id]) * item_id * 10


def plan_of(dossier: Matter, *labels: str, limit: int = 0) -> DossierPlan:
    made = tuple(
        Produced(n, label, f"{n}.eml", hashlib.sha256(Records().raw(n)).hexdigest(), "", n * 10)
        for n, label in enumerate(labels, 1)
    )
    return msgspec.structs.replace(dossier.plan, profile="archive", produced=made, limit=limit)


def test_natives_are_those_of_a_dossier_to_keep_without_what_is_redacted(dossier: Matter) -> None:
    plan = plan_of(dossier, "A-1", "A-1", "B 2")
    assert list(planned(plan)) == ["EX-A-1-1.eml", "EX-A-1-2.eml", "EX-B-2-3.eml"]
    redacted = msgspec.structs.replace(plan.produced[0], record_sha256="")
    hidden = msgspec.structs.replace(plan, produced=(redacted, *plan.produced[1:]))
    assert list(planned(hidden)) == ["EX-A-1-2.eml", "EX-B-2-3.eml"]
    assert planned(msgspec.structs.replace(plan, profile="filing")) == {}


def test_one_file_carries_all_but_what_is_larger_than_it_may_be(
    dossier: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(dossier, "A-1", "A-2", "A-3", limit=20)
    assert [n.name for n in attached.attached(plan, Records())] == ["EX-A-1-1.eml", "EX-A-2-2.eml"]
    monkeypatch.setattr(attached, "MOST_ATTACHED", 25)
    with pytest.raises(CaseKitError, match="too much to attach"):
        list(attached.attached(plan, Records()))


def test_a_page_takes_the_natives_of_its_exhibit_as_far_as_there_is_room(dossier: Matter) -> None:
    plan = plan_of(dossier, "A-1", "A-1", "A-1", "B-1")
    names = list(planned(plan))
    held = Weighed([frozenset({(1, 0)}), frozenset({(2, 0)})], {(1, 0): 100, (2, 0): 900}, 10.0)
    held.natives = dict(zip(names, (400, 600, 90, 50), strict=True))
    assert with_room([held], {"A-1": 1, "B-1": 2}, plan, 1000) == {
        1: [names[0], names[2]], 2: [names[3]],
    }  # fmt: skip
    assert with_room([held], {"A-1": 1, "B-1": 2}, plan, 50) == {}
    wide = Weighed(held.pages, {(1, 0): 500, (2, 0): 900}, 10.0, held.natives)
    assert with_room([held, wide], {"A-1": 1, "B-1": 2}, plan, 1000)[1] == [names[0], names[2]]


def test_what_is_in_no_file_lies_beside_whole(dossier: Matter, tmp_path: Path) -> None:
    plan = plan_of(dossier, "A-1", "A-2")
    (one,) = put_beside(plan, Records(), Path("d.pdf"), ["EX-A-1-1.eml"], tmp_path)
    assert (one.name, one.label, one.size) == ("d-EX-A-2-2.eml", "A-2", 20)
    assert hashlib.sha256(one.path.read_bytes()).hexdigest() == one.sha256
    changed = msgspec.structs.replace(plan.produced[1], record_sha256="0" * 64)
    with pytest.raises(CaseKitError, match="Exhibit A-2 is not the one that was received"):
        list(these(msgspec.structs.replace(plan, produced=(changed,)), Records(), ["EX-A-2-2.eml"]))

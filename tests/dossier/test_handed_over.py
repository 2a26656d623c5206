from pathlib import Path

import pytest

from casekit.dossier.handed_over import told_of, volume_of
from casekit.dossier.production import plan
from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.jobs import production
from casekit.ops import pseudonyms
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_mail


def test_a_volume_is_told_as_the_case_is_now(case: Case, tmp_path: Path) -> None:
    """A name that has a pseudonym by now stands nowhere, and no hash of a record that holds it."""
    with case.read() as s, pytest.raises(CaseKitError, match="none was produced yet"):
        volume_of(s, "VOL001")
    heads = [make_mail(f"Mail {n}", f"p{n}@x.example", "b@x.example", n) for n in (1, 2)]
    heads[0].texts = [("body", "Ask Quillfeather Osgood.")]
    for n, head in enumerate(heads):
        file_items(case, [head], tmp_path, f"{n}.eml")
    decide_all(case)
    with case.read() as s:
        planned = plan(s, [1, 2], Wish(prefix="ABC", natives=False))
    production.write(case, planned, tmp_path / "out")
    with case.write() as s:
        pseudonyms.give(s, "person", ["Quillfeather Osgood"])
    with case.read() as s:
        volume = volume_of(s, "VOL001")
        assert volume == planned
        told, left_out = told_of(s, volume)
    assert left_out == 0
    assert [one.label for one in told.files] == ["ABC-0000001", "ABC-0000002"]
    assert [bool(one.record_sha256) for one in told.files] == [False, True]
    assert [bool(one.original_sha256) for one in told.files] == [False, True]
    assert told.about == "Production VOL001"

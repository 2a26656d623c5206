from casekit.dossier.overlay import FIXED, Overlay
from casekit.dossier.volume import FIELDS


def test_what_names_files_and_numbers_changes_with_a_replacement_alone() -> None:
    assert set(FIELDS) > FIXED
    assert {"CONFIDENTIALITY", "CUSTODIAN", "SUBJECT"} <= set(FIELDS) - FIXED
    made = [Overlay(1, "c", "0", "OVL001", 0, 1, "", "utf-8", ("BEGBATES", "TO"),
                    ({"BEGBATES": "A-1", "TO": to},), 0) for to in ("x", "y")]  # fmt: skip
    assert made[0].digest() != made[1].digest()

from pathlib import Path

from casekit.ops import privilege
from casekit.queries.privilege_log import LogEntry, entries
from casekit.store.case import Case
from tests.builders import file_items, make_item, make_mail


def test_an_entry_has_the_metadata_and_neither_title_nor_name(case: Case, tmp_path: Path) -> None:
    mail = make_mail("SECRET subject", "c@firm.example", "h@aurora.example", 1_767_225_600_000_000)
    mail.parties = [("from", "Carla Counsel", "c@firm.example"), ("to", "", "h@aurora.example"),
                    ("cc", "Priya", ""), ("bcc", "", "x@aurora.example")]  # fmt: skip
    mail.children = [make_item("SECRET.txt", name="SECRET.txt", pages=2)]
    file_items(case, [make_item("open"), mail], tmp_path, custodian="Helen Marsh")
    with case.read() as s:
        assert entries(s) == []
    with case.write() as s:
        privilege.assert_privilege(s, [3], "work-product", note="Draft of advice")
    with case.read() as s:
        found = entries(s)
    held = (("Helen Marsh",), "work-product", "Draft of advice", "")
    assert found == [
        LogEntry(2, "PRIV-0000002", "", "mail", "text/plain", None, 1_767_225_600_000_000,
                 ("Carla Counsel <c@firm.example>",), ("h@aurora.example",), ("Priya",),
                 ("x@aurora.example",), *held),
        LogEntry(3, "PRIV-0000003", "PRIV-0000002", "document", "text/plain", 2, None, (), (), (), (), *held),
    ]  # fmt: skip
    assert "SECRET" not in repr(found)

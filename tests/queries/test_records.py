from pathlib import Path

from casekit.ops import privilege, tags
from casekit.queries.records import records
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail, sha


def test_records_are_flat_and_without_empty_keys(case: Case, tmp_path: Path) -> None:
    mail = make_mail("letter", "a@x.example", "b@x.example", 1_700_000_000_000_000)
    mail.children = [make_item("memo", name="memo.txt")]
    original = file_items(
        case, [mail, make_exchange("Why?", "So.", "m-1")], tmp_path, custodian="Helen"
    )
    with case.write() as s:
        tags.add_tag(s, [3], "hot")
        privilege.assert_privilege(s, [1], "work-product")
    with case.read() as s:
        first, exchange = records(s, [1, 3])
    assert first == {
        "id": 1, "kind": "mail", "collection": "correspondence", "title": "letter", "media_type": "text/plain",
        "original_sha256": original.hex(),
        "pointer": "[]", "sha256": sha(b"letter").hex(), "size": 6,
        "sent_at": "2023-11-14T22:13:20Z", "subject": "letter", "message_id": "<letter@x>",
        "privilege": "work-product",
        "privilege_state": "privileged",
        "from": ["a@x.example"], "to": ["b@x.example"], "custodian": "Helen",
        "attachments": [{"id": 2, "name": "memo.txt", "size": 4, "sha256": sha(b"memo").hex()}],
    }  # fmt: skip
    assert (exchange["model"], exchange["tags"], exchange["prompt_sha256"]) == (
        "m-1",
        ["hot"],
        sha(b"Why?").hex(),
    )

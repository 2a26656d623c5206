from pathlib import Path

from casekit.queries import exchanges
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, sha


def test_answers_of_one_model_in_one_collection(case: Case, tmp_path: Path) -> None:
    logged = make_exchange("Why?", "Logged.", "m-1")
    logged.columns["collection"] = "api-log"
    file_items(
        case,
        [
            make_exchange("Why?", "So.", "m-1"),
            make_exchange("Why?", "No.", "m-2"),
            logged,
            make_item(),
        ],
        tmp_path,
    )
    with case.read() as s:
        (answer,) = exchanges.answers(s, "m-1")
        assert [a.output for a in exchanges.answers(s, "m-1", "api-log")] == ["Logged."]
    assert (answer.item_id, answer.prompt_sha256, answer.output) == (1, sha(b"Why?"), "So.")

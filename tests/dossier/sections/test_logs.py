from casekit.dossier.sections import logs
from casekit.dossier.sheet import Facts, Grid, Produced
from casekit.dossier.wording import wording
from casekit.ops import notes
from casekit.queries import custody
from casekit.store.case import Case
from tests.dossier.builders import PROMPT, Builder, answer

WORDS = wording("neutral")


def test_the_custody_log_tells_no_work_of_counsel(case: Case, built: Builder) -> None:
    (item_id,) = built.add("a.json", answer(PROMPT, "Because.", "m-1"))
    with case.write() as s:
        notes.add_note(s, item_id, "our theory")
    with case.read() as s:
        entries = custody.entries(s, act_class="custody")
        blocks = logs.custody(s, WORDS, "ab" * 32)
    (state,) = (b for b in blocks if isinstance(b, Facts))
    (grid,) = (b for b in blocks if isinstance(b, Grid))
    assert state.rows[0].value.replace(" ", "") == "ab" * 32
    assert [row[0] for row in grid.rows] == [str(e.seq) for e in entries]
    assert not [row for row in grid.rows if "Note" in row[2]]


def test_hashes_are_of_records_and_of_files_and_some_are_left_out() -> None:
    produced = [
        Produced(1, "A-1", "one", "ab" * 32, "cd" * 32, 3, "AUR", 1, 2),
        Produced(2, "A-2", "two", "", "cd" * 32, 3),
        Produced(3, "A-3", "three", "", "", 3),
    ]
    records, files = (b for b in logs.hashes(produced, WORDS) if isinstance(b, Grid))
    hidden = WORDS("redacted.hash")
    assert [row[-1].replace(" ", "").replace("\n", "") for row in records.rows] == [
        "ab" * 32, hidden.replace(" ", ""), hidden.replace(" ", ""),
    ]  # fmt: skip
    assert records.rows[0][2] == "AUR-0000001 –\nAUR-0000002"
    assert [row[1] for row in files.rows] == ["A-1, A-2"]

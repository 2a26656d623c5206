import pytest

from casekit.dossier.sections.withheld import basis, blocks, table
from casekit.dossier.sheet import Grid, Remark
from casekit.dossier.wording import wording
from casekit.queries.privilege_log import LogEntry

WORDS = wording("neutral")
DAY = 86_400_000_000


def entry(n: int, **values: object) -> LogEntry:
    given = {
        "item_id": n, "number": f"PRIV-{n:07}", "attached_to": "", "kind": "mail",
        "media_type": "message/rfc822", "pages": None, "sent_us": n * DAY, "authors": ("Ann <a@x.example>",),
        "to": ("Bo <b@x.example>", "Cy <c@x.example>"), "cc": (), "bcc": (), "custodians": ("Ann",),
        "basis": "attorney-client", "description": "Advice on terms", "bates": "", **values,
    }  # fmt: skip
    return LogEntry(**given)  # type: ignore[arg-type]


FOUND = [entry(1), entry(2, attached_to="PRIV-0000001", pages=3, kind="document", description="")]


def grid_of(form: str) -> Grid:
    return next(b for b in blocks(FOUND, form, WORDS) if isinstance(b, Grid))  # type: ignore[arg-type]


def test_on_paper_people_are_stacked_and_numbers_kept_together() -> None:
    first, second = grid_of("document").rows
    assert first == (
        "PRIV-0000001", "1970-01-02 00:00:00", "mail",
        "Author: Ann <a@x.example>\nTo: Bo <b@x.example>; Cy <c@x.example>", "Attorney–client privilege",
        "Advice on terms",
    )  # fmt: skip
    assert second[0] == "PRIV-0000002\nattached to PRIV-0000001"
    assert second[5] == "–"


def test_metadata_alone_tells_no_description() -> None:
    rows = grid_of("metadata").rows
    assert rows[1][2] == "document\nmessage/rfc822\npages: 3"
    assert rows[0][5] == "Ann"
    assert "Advice" not in str(rows)


def test_categories_count_their_items_and_name_their_numbers() -> None:
    same = [entry(n) for n in (1, 2, 3)]
    (row,) = blocks(same, "category", WORDS)[1].rows  # type: ignore[union-attr]
    assert row[3] == "3 mail\n1970-01-02 –\n1970-01-04"
    assert row[5] == "PRIV-0000001; PRIV-0000002; PRIV-0000003"


@pytest.mark.parametrize("form", ["document", "category", "metadata"])
def test_a_table_has_a_title_and_a_cell_for_every_column(form: str) -> None:
    made = table(FOUND, form, WORDS)  # type: ignore[arg-type]
    assert {len(row) for row in made.rows} == {len(made.columns)}
    assert all(column.title for column in made.columns)


def test_nothing_withheld_is_said_and_courts_name_the_ground() -> None:
    assert blocks([], "document", WORDS) == (Remark("Nothing is withheld as privileged."),)
    assert basis("work-product", wording("england-wales")) == "Litigation privilege"

from __future__ import annotations

from casekit.queries import items
from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_tags_are_put_on_previewed_listed_and_taken_off(cli: Cli, filled: Case) -> None:
    done = cli("tag", filled.folder, "issue/terms", 1, 2)
    assert (done.code, done.out) == (0, "Tag “issue/terms” put on 2 items\n")
    assert cli(
        "tag",
        filled.folder,
        "issue/terms",
        "--query",
        "kind:exchange OR kind:mail",
        "--preview",
        "--json",
    ).json == {
        "v": 1,
        "items": 3,
        "already": 2,
    }
    assert (
        cli("tag", filled.folder, "new", 5, "--preview").out
        == "1 items, 0 of them carry “new” already.\n"
    )
    more = cli(
        "tag", filled.folder, "issue/terms", 5, "--query", "kind:exchange OR kind:mail", "--json"
    ).json
    assert (more["v"], more["items"]) == (1, 2)
    listed = {line["name"]: line["items"] for line in cli("tag", filled.folder, "--json").lines}
    assert listed["issue/terms"] == 4
    assert cli("tag", filled.folder, "issue/terms", 1, "--remove").code == 0
    assert "3  issue/terms" in cli("tag", filled.folder).out
    refused = cli("tag", filled.folder, "a//b", 1)
    assert (refused.code, refused.err) == (
        2,
        "A tag needs a name at every level, such as issue/terms.\n",
    )
    assert cli("tag", filled.folder, "absent", 1, "--remove").code == 2


def test_items_that_are_not_there_are_refused(cli: Cli, filled: Case) -> None:
    for command in (
        ["tag", filled.folder, "x", 99],
        ["note", filled.folder, 99, "x"],
        ["privilege", filled.folder, 99],
    ):
        before = filled.head()
        refused = cli(*command)
        assert (refused.code, refused.out, filled.head()) == (2, "", before)
        assert refused.err == "There is no item 99 in this case.\n"


def test_a_note_is_written(cli: Cli, filled: Case) -> None:
    done = cli("note", filled.folder, 1, "Look at the last sentence.", "--json").json
    assert (done["label"], done["items"]) == ("Note written", 1)
    with filled.read() as s:
        assert [n.text for n in items.view(s, 1).notes] == ["Look at the last sentence."]
    assert cli("note", filled.folder, 1, " ").code == 2


def test_acts_are_taken_back_the_last_first_or_by_number(cli: Cli, filled: Case) -> None:
    first = cli("tag", filled.folder, "a", 1, "--json").json["act"]
    cli("note", filled.folder, 1, "x")
    assert cli("undo", filled.folder).out == "Undo: Note written\n"
    assert cli("undo", filled.folder, "--act", first).out == "Undo: Tag “a” put on 1 item\n"
    assert cli("tag", filled.folder, "--json").lines == []
    nothing = cli("undo", filled.folder)
    assert (nothing.code, nothing.err) == (2, "There is nothing to take back.\n")
    received = cli("undo", filled.folder, "--act", 3)
    assert (received.code, "stays received" in received.err) == (2, True)
    absent = cli("undo", filled.folder, "--act", 999)
    assert (absent.code, absent.err) == (2, "There is no act 999 in this case.\n")

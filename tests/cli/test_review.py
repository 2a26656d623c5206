from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_a_set_is_made_given_out_done_and_decided(cli: Cli, filled: Case) -> None:
    folder = filled.folder
    assert "no review sets yet" in cli("review", folder).out
    made = cli("review", folder, "make", "First", "--query", "*", "--order", "id", "--batch", 2)
    assert made.out == "Review set “First” of 5 items made\n"
    drawn = cli(
        "review", folder, "make", "Two", "--query", "*", "--sample", 2, "--seed", 9, "--json"
    )
    assert drawn.lines[0]["label"] == "Review set “Two” of 2 items made"
    assert cli("review", folder, "assign", "First", "A", "B").code == 0
    assert cli("review", folder, "assign", "First", "C", "--batches", "x").code == 2
    assert cli("review", folder, "assign", "First", "C", "--batches", "1-999999999").code == 2
    shown = cli("review", folder, "show", "First", "--json").lines
    assert [row["id"] for row in shown] == [1, 2, 3, 4, 5]
    assert cli("review", folder, "done", "First", 1, 2).out == "2 items of “First” done\n"
    assert cli("review", folder, "done", "First", 2, "--not").code == 0
    assert cli("review", folder, "done", "Two", "--query", "id:99").code == 2
    left = cli("review", folder, "show", "First", "--left", "--json").lines
    assert [row["id"] for row in left] == [2, 3, 4, 5]
    first, two = cli("review", folder, "--json").lines
    assert (first["total"], first["done"], first["left"], first["seed"]) == (5, 1, 4, None)
    assert (two["total"], two["sample"], two["seed"]) == (2, 2, 9)
    assert sum(r["assigned"] for r in first["reviewers"]) == 5
    said = cli("review", folder).out
    assert "First  1 of 5 done, 4 left" in said
    assert "2 drawn from 5 with seed 9" in said
    again = cli("review", folder, "second", "First", "--share", 40, "--seed", 1, "--to", "D")
    assert again.out == "Second review “First, second review” of 2 items made\n"
    row = cli("review", folder, "agreement", "First", "--json").lines[0]
    assert (row["drawn"], row["n"], row["waiting"]) == (2, 0, 2)
    assert "0 of 2 compared" in cli("review", folder, "agreement", "First").out
    assert cli("review", folder, "conflicts").out == "There are no conflicts.\n"
    assert "no open conflict 1" in cli("review", folder, "decide", 1, "--keep", "ours").err
    assert "There is no review set “x”" in cli("review", folder, "show", "x").err

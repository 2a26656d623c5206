from hashlib import sha256
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from casekit.ops import items as item_ops
from casekit.queries import batching
from casekit.store.case import Case
from tests.builders import file_items, make_item, make_mail, make_message

POPULATION = {i: sha256(b"%d" % i).digest() for i in range(1, 41)}


def test_a_sample_is_drawn_as_the_page_says() -> None:
    drawn = batching.draw(POPULATION, 5, 11)
    by_hand = sorted(POPULATION, key=lambda i: sha256(b"11\n" + POPULATION[i]).digest())[:5]
    assert drawn == sorted(by_hand)
    assert batching.draw(dict(reversed(POPULATION.items())), 5, 11) == drawn[::-1]
    assert batching.draw(POPULATION, 5, 12) != drawn
    assert batching.draw(POPULATION, 40, 1) == list(POPULATION)


def test_a_population_is_named_by_what_is_in_it_alone() -> None:
    named = batching.population_hash(POPULATION)
    assert named == batching.population_hash(dict(reversed(POPULATION.items())))
    assert named != batching.population_hash({i: POPULATION[i] for i in range(1, 40)})


@given(st.lists(st.integers(1, 7), max_size=12), st.integers(1, 6))
def test_batches_break_no_group_and_lose_nothing(sizes: list[int], most: int) -> None:
    groups = [[(g, n) for n in range(size)] for g, size in enumerate(sizes)]
    made = batching.batches(groups, most)  # type: ignore[arg-type]
    assert [i for batch in made for i in batch] == [i for group in groups for i in group]
    where = {i: no for no, batch in enumerate(made) for i in batch}
    assert all(len({where[i] for i in group}) == 1 for group in groups)  # type: ignore[index]
    assert all(len(b) <= most or len({g for g, _ in b}) == 1 for b in made)  # type: ignore[misc]


def test_families_threads_and_conversations_stay_together(case: Case, tmp_path: Path) -> None:
    mail = make_mail("First", "a@x", "b@x")
    mail.children = [make_item("Attached")]
    heads = [
        mail,  # 1, with 2
        make_item("Alone"),  # 3
        make_message("one", "a"),  # 4
        make_mail("Second", "b@x", "a@x"),  # 5
        make_message("two", "b"),  # 6
        make_message("elsewhere", "b", channel="other"),  # 7
    ]
    file_items(case, heads, tmp_path)
    with case.write() as s:
        item_ops.set_threads(s, {1: 1, 5: 1})
    with case.read() as s:
        assert batching.together(s, [5, 3, 6, 2, 7, 4]) == [[5, 2], [3], [6, 4], [7]]
        assert list(batching.digests(s, [3, 99, 1])) == [3, 1]

"""How filters change the one search text: parts taken away, values added, and all of it put back as text."""

from __future__ import annotations

from casekit.errors import QueryError


def parts_of(text: str, mode: str = "words") -> tuple[str, ...]:
    """The parts of a search that must all hold, each as it is written; none where there is only one word.

    Args:
        text: The search.
        mode: One of `searching.MODES`. By meaning all words together are one question, and so one part: a
            question that loses one of its words is another one.
    """
    from casekit.queries.filters import And, Words, words_of
    from casekit.search.language import parse, to_text

    try:
        node = parse(text)
    except QueryError:
        return ()
    if isinstance(node, And):
        told = [(_as_part(to_text(part), part), bool(words_of(part))) for part in node.parts]
        if mode == "words":
            return tuple(part for part, _ in told)
        question = " ".join(part for part, asks in told if asks)
        return (*((question,) if question else ()), *(part for part, asks in told if not asks))
    return () if not text.strip() or isinstance(node, Words) else (to_text(node),)


def without_part(text: str, number: int, mode: str = "words") -> str:
    """The search without one of the parts that it has in this mode."""
    parts = parts_of(text, mode)
    return " ".join(parts[:number] + parts[number + 1 :])


def with_value(text: str, value: str) -> str:
    """The search with a value chosen, or no longer chosen where it was.

    A second value of a field is an alternative to the first.

    Raises:
        QueryError: The search cannot be read.
    """
    from casekit.search.facet_counts import toggle
    from casekit.search.language import parse, to_text

    node = toggle(parse(text), parse(value))
    made = to_text(node)
    return "" if made == "*" else made


def without_value(text: str, value: str) -> str:
    """The search with everything that has a value left out.

    Raises:
        QueryError: The search cannot be read.
    """
    from casekit.queries.filters import All, And, Not
    from casekit.search.language import parse, to_text

    node, left_out = parse(text), Not(parse(value))
    if isinstance(node, All):
        return to_text(left_out)
    parts = node.parts if isinstance(node, And) else (node,)
    return to_text(And((*(p for p in parts if p != left_out), left_out)))


def chosen_values(text: str, name: str) -> tuple[str, ...]:
    """The values of a field that the search chooses among, none where it cannot be read."""
    from casekit.search.facet_counts import chosen
    from casekit.search.language import parse

    try:
        return chosen(parse(text), name)
    except QueryError:
        return ()


def _as_part(text: str, part: object) -> str:
    from casekit.queries.filters import And, Or

    return f"({text})" if isinstance(part, Or | And) else text

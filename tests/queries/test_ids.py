from __future__ import annotations

import numpy as np
from sqlalchemy import select

from casekit.queries.ids import ids_of
from casekit.store.case import Case
from casekit.store.tables import item
from tests.search.builders import add


def test_ids_come_in_the_order_asked_for(case: Case) -> None:
    titles = [f"{n * 7919 % 1000:04d}" for n in range(300)]
    with case.write() as s:
        for title in titles:
            add(s, title=title)
    with case.read() as s:
        for column in (item.c.title, item.c.title.desc(), item.c.id.desc()):
            query = select(item.c.id).order_by(column, item.c.id)
            assert ids_of(s, query).tolist() == list(s.execute(query).scalars())
            assert ids_of(s, query.limit(7)).tolist() == list(s.execute(query.limit(7)).scalars())
        none = ids_of(s, select(item.c.id).where(item.c.id < 0))
        assert none.dtype == np.int64
        assert none.tolist() == []


def test_of_a_column_that_may_be_empty_the_ids_alone_are_told(case: Case) -> None:
    with case.write() as s:
        first = add(s)
        add(s, parent_id=first)
    with case.read() as s:
        assert ids_of(s, select(item.c.parent_id)).tolist() == [first]

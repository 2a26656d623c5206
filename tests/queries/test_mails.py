from pathlib import Path

from casekit.ops import items as item_ops
from casekit.queries import mails
from casekit.queries.mails import ThreadHeaders, threads
from casekit.store.case import Case
from tests.builders import file_items, make_item, make_mail


def test_the_threading_headers_of_all_mails(case: Case, tmp_path: Path) -> None:
    answer = make_mail("re", "b@x.example", "a@x.example", 9)
    answer.mail = {**(answer.mail or {}), "refs": '["<a@x>"]', "in_reply_to": '["<a@x>"]'}
    file_items(
        case, [make_mail("a", "a@x.example", "b@x.example", 5), make_item(), answer], tmp_path
    )
    with case.read() as s:
        assert list(mails.thread_headers(s)) == [
            ThreadHeaders(1, "<a@x>", (), (), "a", 5),
            ThreadHeaders(3, "<re@x>", ("<a@x>",), ("<a@x>",), "re", 9),
        ]


def test_threads_are_given_as_the_case_has_them(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_mail(f"{n}", "a@x", "b@x") for n in range(2)], tmp_path)
    with case.write() as s:
        item_ops.set_threads(s, {1: 1, 2: 1})
    with case.read() as s:
        assert threads(s) == {1: 1, 2: 1}

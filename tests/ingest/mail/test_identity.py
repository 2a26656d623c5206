from __future__ import annotations

import hashlib

from casekit.ingest.mail.identity import content_hash, mih, read_message_id, read_message_ids


def test_the_published_vector_of_the_edrm_hash() -> None:
    message_id = read_message_id(" <CALckR-a8UDkRjO4xJyjd_s0GPxQWw@mail.gmail.com> (comment)")
    assert mih(message_id) == "1de319c276884bd0c9e2f1621ada26cc"
    assert mih("") == ""


def test_message_ids_keep_their_brackets() -> None:
    assert read_message_id("<[b378@x.com]>") == "<[b378@x.com]>"
    assert read_message_id("no brackets") == "no brackets"
    assert read_message_id("") == ""
    assert read_message_ids("<a@b> your message of\t<c@d><a@b>") == ("<a@b>", "<c@d>")
    assert read_message_ids("<a @b>") == ("<a@b>",)
    assert read_message_ids("a@b, c@d text") == ("<a@b>", "<c@d>")
    assert read_message_ids("") == ()


def test_the_content_hash_is_over_the_seven_lines_it_documents() -> None:
    lines = (
        "casekit-mail-1",
        "1770091506",
        "ada@x.example",
        "lee@law.example;sam@y.example",
        "Rate limits",
        "Samwesaw120accountsCafé",
        "a.csv:3;b.pdf:10",
    )
    made = content_hash(
        1_770_091_506_999_999,
        "Ada@X.example",
        ["sam@y.example", "Lee@law.example", "SAM@y.example", ""],
        "Rate limits",
        "Sam,\r\n\r\n  we saw 120 accounts. Café!\n",
        [("b.pdf", 10), ("a.csv", 3)],
    )
    assert made == hashlib.sha256("\n".join(lines).encode()).digest()


def test_another_word_gives_another_hash() -> None:
    def hashed(body: str) -> bytes:
        return content_hash(None, "", [], "", body, [])

    assert hashed("one two") == hashed("one\n> two")
    assert hashed("one two") != hashed("one too")

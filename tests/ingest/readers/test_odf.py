from __future__ import annotations

import io
import json

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.pointer import resolve
from casekit.ingest.readers.odf import read
from casekit.ingest.reading import format_of
from tests.ingest.documents import picture, zipped

NS = " ".join(
    f'xmlns:{name}="urn:{name}"' for name in ("o", "t", "d", "dc", "x", "m", "tb", "p", "s")
)
CHANGES = (
    "<t:tracked-changes><t:changed-region><t:deletion><o:change-info><dc:creator>Eve</dc:creator>"
    "<dc:date>2024-05-06T07:08:09</dc:date></o:change-info><t:p>gone</t:p></t:deletion></t:changed-region>"
    "<t:changed-region><t:insertion><o:change-info><dc:creator>Bob</dc:creator>"
    "<dc:date>2024-05-07T07:08:09</dc:date></o:change-info></t:insertion></t:changed-region></t:tracked-changes>"
)


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.odt"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def odf(body: str, kind: str = "text", more: dict[str, bytes | str] | None = None) -> bytes:
    members: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<o:c {NS}><o:body><o:{kind}>{body}</o:{kind}></o:body></o:c>",
        "meta.xml": f"<m {NS}><m:initial-creator>Ada</m:initial-creator><dc:date>2024-05-06T07:08:09</dc:date>"
        '<m:user-defined m:name="Ref">42</m:user-defined></m>',
        "styles.xml": f"<s {NS}><s:master-page><s:header><t:p>Top</t:p></s:header><s:footer><t:p>Foot</t:p>"
        "</s:footer></s:master-page></s>",
    }
    return zipped({**members, **(more or {})})


def test_text_and_what_stands_beside_it() -> None:
    body = (
        f'{CHANGES}<t:h>Head</t:h><t:p>One<t:s t:c="2"/><t:tab/>two<t:line-break/>x'
        '<t:note t:note-class="footnote">'
        "<t:note-citation>1</t:note-citation><t:note-body><t:p>Note</t:p></t:note-body></t:note> end"
        "<o:annotation><dc:creator>Eve</dc:creator><dc:date>2024</dc:date><t:p>Why?</t:p></o:annotation>.</t:p>"
        '<t:p><t:a x:href="http://x.example/">link</t:a><d:frame><s:title>A cat</s:title></d:frame></t:p>'
        "<tb:table><tb:table-row><tb:table-cell><t:p>a</t:p></tb:table-cell><tb:table-cell><t:p>b</t:p>"
        "</tb:table-cell></tb:table-row></tb:table>"
    )
    data = odf(body, more={"Basic/Standard/M.xml": "<x/>", "Pictures/p.png": picture()})
    assert format_of(data, "x") == "odf"
    found = one(data)
    assert dict(found.texts) == {
        "body": "Head\nOne  \ttwo\nx end.\nlink\na \tb \t",
        "deletions": "gone",
        "footnotes": "Note",
        "comments": "Why?",
        "descriptions": "A cat",
        "headers": "Top",
        "footers": "Foot",
    }
    assert found.media_type == "application/vnd.oasis.opendocument.text"
    assert json.loads(found.facts) == {
        "comments": ["Eve 2024"],
        "custom": {"Ref": "42"},
        "external": ["a: http://x.example/"],
        "macros": True,
        "properties": {"creator": "Ada", "modified": "2024-05-06T07:08:09"},
        "tracked": {
            "authors": ["Eve", "Bob"], "deletions": 1, "insertions": 1,
            "first": "2024-05-06T07:08:09", "last": "2024-05-07T07:08:09",
        },
    }  # fmt: skip
    assert found.when is not None
    assert found.when.zone == "assumed:UTC"
    (child,) = found.children
    assert resolve(io.BytesIO(data), child.steps) == picture()


def test_pages_of_a_talk_and_sheets() -> None:
    page = "<d:page><d:frame><t:p>{}</t:p></d:frame><p:notes><t:p>Say {}</t:p></p:notes></d:page>"
    found = one(odf(page.format("one", 1) + page.format("two", 2), "presentation"))
    assert [each for each in found.texts if each[0][0] in "pn"] == [
        ("page/1", "one"),
        ("notes", "Say 1\nSay 2"),
        ("page/2", "two"),
    ]
    assert found.pages == 2


def test_locked_and_damaged_ones_are_told() -> None:
    locked = odf(
        "", more={"META-INF/manifest.xml": "<m><encryption-data/></m>", "content.xml": b"\x01"}
    )
    assert [p.kind for p in one(locked).problems] == ["encrypted"]
    assert [p.kind for p in one(odf("<broken", "text")).problems] == ["bad-office-file"]
    data = odf("<t:p>x</t:p>")
    cut = one(data[: data.index(b"PK\x01\x02") + 7])
    assert ([p.kind for p in cut.problems], cut.texts) == (["cut-file"], one(data).texts)
    assert [p.kind for p in one(data[:100]).problems][-1:] == ["bad-office-file"]
    assert [p.kind for p in one(data[:40]).problems] == ["bad-office-file"]
    assert [p.kind for p in one(odf("", more={"styles.xml": "<s/>"})).problems] == ["no-text"]

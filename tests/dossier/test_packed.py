import zipfile
from pathlib import Path

from casekit.dossier.packed import pack, texts_of


def test_equal_parts_give_equal_bytes_whatever_the_clock_says(tmp_path: Path) -> None:
    for name in ("a", "b"):
        pack(tmp_path / name, {"first.xml": "<a/>", "second.xml": "<b/>"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with zipfile.ZipFile(tmp_path / "a") as package:
        assert [i.filename for i in package.infolist()] == ["first.xml", "second.xml"]
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_a_package_says_is_read_from_texts_and_attributes(tmp_path: Path) -> None:
    pack(tmp_path / "a", {"x.xml": '<p title="Tom &amp; Jo"><t>Blue</t><br/><t>sky &lt;3</t></p>'})
    ((name, text),) = texts_of(tmp_path / "a")
    assert (name, text.split()) == ("x.xml", ["Blue", "sky", "<3", "Tom", "&", "Jo"])

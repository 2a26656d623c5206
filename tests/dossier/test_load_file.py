import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.dossier.load_file import (
    dat,
    lfp,
    opt,
    read_dat,
    read_lfp,
    read_opt,
    unwritten,
    written,
)
from casekit.errors import CaseKitError


def test_the_bytes_are_those_of_the_convention() -> None:
    rows = [{"A": "x", "B": "é"}]
    head = b"\xfeA\xfe\x14\xfeB\xfe\r\n"
    assert dat(["A", "B"], rows, "cp1252") == head + b"\xfex\xfe\x14\xfe\xe9\xfe\r\n"
    utf8 = "\ufeffþAþ\x14þBþ\r\nþxþ\x14þéþ\r\n".encode()
    assert dat(["A", "B"], rows, "utf-8") == utf8


def test_what_has_no_place_is_a_visible_code_point() -> None:
    assert written("a\r\nb\rc", "utf-8") == ("a®b®c", ())
    assert written("þ\x14® 模", "utf-8") == ("[U+00FE][U+0014][U+00AE] 模", ("þ", "\x14", "®"))
    assert written("模 é", "cp1252") == ("[U+6A21] é", ("模",))


@given(st.lists(st.text(), min_size=2, max_size=2), st.sampled_from(["utf-8", "cp1252"]))
def test_every_value_comes_back(values: list[str], encoding: str) -> None:
    row = {name: written(v, encoding)[0] for name, v in zip("AB", values, strict=True)}  # type: ignore[arg-type]
    (back,) = read_dat(dat(["A", "B"], [row], encoding))  # type: ignore[arg-type]
    assert back == {name: v.replace("®", "\n") for name, v in row.items()}


@given(st.text(st.characters(blacklist_characters="[\r")), st.sampled_from(["utf-8", "cp1252"]))
def test_what_was_made_visible_is_told_again(value: str, encoding: str) -> None:
    assert unwritten(written(value, encoding)[0]) == value  # type: ignore[arg-type]


def test_a_last_line_without_an_end_is_read_or_refused() -> None:
    whole = dat(["A", "B"], [{"A": "1", "B": "2"}], "cp1252")
    assert read_dat(whole.removesuffix(b"\r\n")) == [{"A": "1", "B": "2"}]
    for cut in (3, 4, 6):
        with pytest.raises(CaseKitError):
            read_dat(whole[:-cut])


@pytest.mark.parametrize("data", [b"", b"a,b\r\n", b"\xfeA\xfe\r\n\xfe1\xfe\x14\xfe2\xfe\r\n",
                                  b"\xfeA\xfe\r\n\xfe1\xfe2\xfe\r\n"])  # fmt: skip
def test_what_is_no_load_file_is_refused(data: bytes) -> None:
    with pytest.raises(CaseKitError):
        read_dat(data)


def test_an_opticon_file_has_a_line_a_page_and_comes_back() -> None:
    documents = [[("A-1", r"V\IMAGES\A-1.tif"), ("A-2", r"V\IMAGES\A-2.jpg")], [("A-3", "x.tif")]]
    data = opt("V", documents)
    assert data.splitlines() == [
        rb"A-1,V,V\IMAGES\A-1.tif,Y,,,2", rb"A-2,V,V\IMAGES\A-2.jpg,,,,", b"A-3,V,x.tif,Y,,,1",
    ]  # fmt: skip
    assert read_opt(data) == documents


@pytest.mark.parametrize(
    "data", [b"A-1,V,x.tif,,,,\r\n", b"A-1,V,x.tif,Y\r\n", b"A-1,V,x.tif,Y,,,2\r\n"]
)
def test_what_is_no_opticon_file_is_refused(data: bytes) -> None:
    with pytest.raises(CaseKitError):
        read_opt(data)


def test_an_ipro_list_has_a_line_a_page_and_comes_back() -> None:
    documents = [
        [("A-1", "IMAGES/0001/A-1.tif"), ("A-2", "IMAGES/0001/A-2.JPG")],
        [("A-3", "IMAGES/0001/A-3.pdf")],
    ]
    data = lfp("VOL001", documents, {"A-3"})
    assert data.splitlines() == [
        rb"IM,A-1,D,0,@VOL001;IMAGES\0001;A-1.tif;2", rb"IM,A-2,,0,@VOL001;IMAGES\0001;A-2.JPG;4",
        rb"IM,A-3,C,0,@VOL001;IMAGES\0001;A-3.pdf;6",
    ]  # fmt: skip
    assert read_lfp(data) == [
        [(key, path.replace("/", "\\")) for key, path in each] for each in documents
    ]


@pytest.mark.parametrize(
    "data",
    [b"IM,A-1,,0,@V;I;a.tif;2\r\n", b"IM,A-1,D,0,@V;a.tif;2\r\n", b"OF,A-1,D,0,@V;I;a.tif;2\r\n"],
)
def test_what_is_no_ipro_list_is_refused(data: bytes) -> None:
    with pytest.raises(CaseKitError):
        read_lfp(data)

import pytest

from casekit.ingest.sniff import identify

DAT = "þBEGBATESþ\x14þENDBATESþ\r\nþA-1þ\x14þA-1þ\r\n"


@pytest.mark.parametrize(
    "data",
    [DAT.encode(), DAT.encode("utf-8-sig"), DAT.encode("cp1252"), DAT.encode("utf-16")],
)
def test_a_load_file_is_known_by_its_first_row(data: bytes) -> None:
    assert identify(data, len(data), "x").id == "load-file"


def test_an_opticon_file_is_known_by_its_lines() -> None:
    data = b"A-1,V,I\\A-1.tif,Y,,,2\r\nA-2,V,I\\A-2.tif,,,,\r\n"
    assert identify(data, len(data), "x.txt").id == "opticon"
    for other in (b"a,b,c,d,e,f,g\n1,2,3,4,5,6,7\n", b"A-1,V,a.tif,,,,\n"):
        assert identify(other, len(other), "x.opt").id != "opticon"


def test_icelandic_prose_is_no_load_file() -> None:
    data = "þetta er texti, og hann er langur\n".encode()
    assert identify(data, len(data), "x.txt").id == "text"

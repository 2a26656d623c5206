from casekit.ingest.pictures_listed import Picture, pictures


def test_pages_are_listed_by_document() -> None:
    data = b"A-1,V,I\\A-1.tif,Y,,,2\r\nA-2,V,I\\A-2.jpg,,,,\r\nA-3,V,I\\A-3.tif,Y,,,1\r\n"
    assert pictures(data) == (
        {
            "A-1": [Picture("A-1", "I\\A-1.tif", 1), Picture("A-2", "I\\A-2.jpg", 2)],
            "A-3": [Picture("A-3", "I\\A-3.tif", 3)],
        },
        [],
    )


def test_bad_lines_and_wrong_counts_are_told_with_their_line() -> None:
    data = b"A-1,V,a.tif,,,,\nA-2,V,a.tif,Y,,,3\nrubbish\n\nA-2,V,b.tif,Y,,,\n"
    found, problems = pictures(data)
    assert [p.path for p in found["A-2"]] == ["a.tif", "b.tif"]
    assert [(p.kind, p.line) for p in problems] == [
        ("bad-line", 1), ("bad-line", 3), ("duplicate-page", 5), ("page-count-differs", 2),
    ]  # fmt: skip

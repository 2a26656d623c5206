from casekit.dossier.volume import Document, Volume


def _document(item_id: int, at: int = 0) -> Document:
    return Document(item_id, "ABC", item_id, item_id, True, {}, "", "", "", at=at)


def test_slip_sheets_stand_at_their_places() -> None:
    produced, slips = (_document(1), _document(4)), (_document(2, 1), _document(3, 2))
    volume = Volume(
        1, "case", "0", "VOL001", 0, 1, "", "utf-8", produced, (), (), slips=slips
    )  # fmt: skip
    assert [one.item_id for one in volume.documents] == [1, 2, 3, 4]
    assert volume.digest() != Volume(
        1, "case", "0", "VOL001", 0, 1, "", "utf-8", produced, (), ()
    ).digest()  # fmt: skip

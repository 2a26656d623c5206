import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.review_return import read_return, write_return
from casekit.ops import tags
from casekit.store import migrate
from casekit.store.case import Case
from tests.review_case import fill, packed


def test_a_changed_return_is_refused_in_words(case: Case, tmp_path: Path) -> None:
    with packed(fill(case, tmp_path), tmp_path, "p", "R. Two") as package:
        with package.write() as s:
            tags.add_tag(s, [1], "hot")
        write_return(package, tmp_path / "back")
        folder = package.folder
        with pytest.raises(CaseKitError, match="already there"):
            write_return(package, tmp_path / "back")
    back = tmp_path / "back.casereturn"
    assert read_return(back).items == read_return(folder).items
    whole = json.loads(gzip.decompress(back.read_bytes()))
    with pytest.raises(CaseKitError, match="no review package"):
        write_return(case, tmp_path / "x")

    def refused(says: str, told: Any) -> None:
        back.write_bytes(gzip.compress(json.dumps(told).encode()))
        with pytest.raises(CaseKitError, match=says):
            read_return(back)

    refused("nothing that comes back", {"v": 2})
    refused("nothing that comes back", [])
    text = json.dumps(whole)
    refused("was changed after", json.loads(text.replace('"hot"', '"hop"')))
    refused("was changed after", json.loads(text.replace("R. Two", "R. Tow")))
    refused("was changed after", {**whole, "log": [*whole["log"][:-2], whole["log"][-1]]})
    items = [[i, sha, pointer, "00" * 32] for i, sha, pointer, _ in whole["items"]]
    refused("its items are not", {**whole, "items": items})
    back.write_bytes(b"no gzip")
    with pytest.raises(CaseKitError, match="nothing that comes back"):
        read_return(back)
    with migrate.connect(folder / "case.db") as s:
        s.exec_driver_sql("DELETE FROM item_tag")
    with pytest.raises(CaseKitError, match="changed outside CaseKit"):
        read_return(folder)

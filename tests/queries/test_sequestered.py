from pathlib import Path

import pytest

from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.queries import sequestered
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_a_refusal_says_who_when_and_on_whose_notice_and_nothing_else(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_item("secret plan"), make_item("open")], tmp_path)
    with case.write() as s:
        clawback.receive_notice(s, Notice("Meridian", ["1"], reference="letter of 3 March"))
    with case.read() as s:
        sequestered.refuse(s, [2])
        with pytest.raises(sequestered.Sequestered) as caught:
            sequestered.refuse(s, [2, 1])
        said = str(caught.value)
        assert "on the notice of Meridian (letter of 3 March)" in said
        assert "secret" not in said
        assert isinstance(sequestered.missing(s, 1), sequestered.Sequestered)
        assert str(sequestered.missing(s, 7)) == "There is no item 7 in this case."
        assert str(sequestered.missing_exhibit(s, "Q-1")) == "There is no exhibit Q-1 in this case."

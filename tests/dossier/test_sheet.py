import hashlib

import pytest

from casekit.dossier.sheet import decode
from casekit.errors import CaseKitError
from tests.dossier.conftest import Matter


def test_a_plan_comes_back_from_its_json(dossier: Matter) -> None:
    encoded = dossier.plan.encoded()
    again = decode(encoded)
    assert again == dossier.plan
    assert again.encoded() == encoded
    assert again.digest() == hashlib.sha256(encoded).digest()


@pytest.mark.parametrize("untrusted", [b"", b"{}", b'{"v": 1}'])
def test_what_is_no_plan_is_refused(untrusted: bytes) -> None:
    with pytest.raises(CaseKitError, match="verify the case"):
        decode(untrusted)


def test_an_unknown_key_is_refused(dossier: Matter) -> None:
    with pytest.raises(CaseKitError):
        decode(dossier.plan.encoded()[:-1] + b',"more":1}')

"""Keys that never leave a card, stick or security module, reached by PKCS#11.

Source: PKCS #11 v2.40 (OASIS). The maker's module is a program of its own that runs within ours: it is loaded
only where the user names it, and for signing alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from casekit import clock
from casekit.dossier.sign import Signer, check_certificate
from casekit.errors import CaseKitError, WrongPassword


@contextmanager
def open_token(module: Path, token: str, label: str, pin: str) -> Iterator[Signer]:
    """A key on a token, as long as the session lasts.

    Args:
        module: The library that the token's maker supplies, such as `opensc-pkcs11.so`.
        token: The token's label; empty: the first one that is there.
        label: Of the certificate on it, which its key bears too.
        pin: The user's; empty where the reader asks for it itself.

    Raises:
        CaseKitError: The package or the module is missing, no such token or certificate is there, the PIN is
            wrong, or the certificate is not valid today or not meant for signing.
    """
    try:
        from pkcs11.exceptions import PKCS11Error as TokenError
        from pyhanko.sign.pkcs11 import PKCS11Signer
    except ImportError as error:
        raise CaseKitError(
            "A key on a card or token needs the package python-pkcs11: install CaseKit with its extra “tokens”."
        ) from error
    session = _session(module, token, pin)
    try:
        inner = PKCS11Signer(session, cert_label=label, other_certs_to_pull=None)
        try:
            own = inner.signing_cert
            inner.use_raw_mechanism = _hashes_here(session, own.public_key.algorithm)
            known = [each.dump() for each in inner.cert_registry]
        except TokenError as error:
            raise CaseKitError(
                "There is no certificate “{label}” with its key on the token: give the label that its maker’s "
                "program shows.",
                label=label,
            ) from error  # fmt: skip
        until = check_certificate(own.dump())
        if own.dump() not in known:
            inner.cert_registry.register(own)
        yield Signer(own.subject.human_friendly, own.sha256.hex(), clock.to_us(until), inner)
    finally:
        with suppress(TokenError):  # a card drawn out has closed it already
            session.close()


def _hashes_here(session: Any, algorithm: str) -> bool:
    """Whether the token cannot hash itself what it signs, as many cannot with keys on curves."""
    from pkcs11 import Mechanism

    whole = {"rsa": Mechanism.SHA256_RSA_PKCS, "ec": Mechanism.ECDSA_SHA256}.get(algorithm)
    return whole is not None and whole not in session.token.slot.get_mechanisms()


def _session(module: Path, token: str, pin: str) -> Any:
    from pkcs11 import lib
    from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PinLocked
    from pkcs11.exceptions import PKCS11Error as TokenError
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import find_token

    if not module.is_file():
        raise CaseKitError(
            "{name} is not there: give the PKCS#11 module of the token’s maker, such as opensc-pkcs11.so.",
            name=module,
        )
    wanted = TokenCriteria(label=token) if token else None
    try:
        slots = lib(str(module)).get_slots(token_present=True)
        found = find_token(slots, token_criteria=wanted) if slots else None
        if found is not None:
            return found.open(user_pin=pin) if pin else found.open()
    except (PinIncorrect, PinInvalid, PinLenRange) as error:
        raise WrongPassword(
            "The PIN is wrong: mind that a token locks itself after a few tries."
        ) from error
    except PinLocked as error:
        raise CaseKitError(
            "The token is locked after too many wrong PINs: unlock it with its maker’s program."
        ) from error
    except (TokenError, OSError, RuntimeError) as error:
        raise CaseKitError(
            "The token could not be opened by {name} ({why}): see that it is the module of this token’s maker "
            "and made for this system.",
            name=module.name, why=str(error) or type(error).__name__,
        ) from error  # fmt: skip
    raise CaseKitError(
        "There is no token “{label}”: put it in, or give the label that its maker’s program shows.",
        label=token or "*",
    )

"""A certificate authority, keys and a time-stamping authority of the tests' own, which speaks RFC 3161 here."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from casekit import clock

PASSWORD = "correct horse"
DAY = dt.timedelta(days=1)
_KEYS: list[rsa.RSAPrivateKey] = []


def new_key(n: int) -> rsa.RSAPrivateKey:
    """The n-th key of this run: making one takes long."""
    while len(_KEYS) <= n:
        _KEYS.append(rsa.generate_private_key(65537, 2048))
    return _KEYS[n]


@dataclass
class Authorities:
    """One root, signers under it, and a time-stamping authority.

    Attributes:
        folder: Where files are written.
        key: Which key the root has.
        url: Where stamps are got and, under `/crl`, the list of what was revoked.
        asked: Paths that were asked for.
        answer: What the authority does: `stamp`, `refuse`, `other` (stamps another hash), `noise`, `nonce`.
        revoked: Serial numbers.
        lists: Whether there is a list of what was revoked.
    """

    folder: Path
    url: str = ""
    key: int = 0
    asked: list[str] = field(default_factory=list)
    answer: str = "stamp"
    revoked: list[int] = field(default_factory=list)
    lists: bool = True

    def __post_init__(self) -> None:
        self.root = self.certificate("Root of Tests", new_key(self.key), ca=True)
        self.root_file = self.folder / "root.pem"
        self.root_file.write_bytes(self.root.public_bytes(Encoding.PEM))

    def certificate(
        self, name: str, key: rsa.RSAPrivateKey, *, ca: bool = False, from_days: int = -1, days: int = 30,
        stamps: bool = False, signs: bool = True,
    ) -> x509.Certificate:  # fmt: skip
        """A certificate under the root, or the root itself."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = subject if ca else self.root.subject
        now = clock.now()
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(new_key(self.key).public_key())
        made = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + from_days * DAY).not_valid_after(now + days * DAY)
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(above, critical=False)
            .add_extension(_usage(signs=signs, ca=ca), critical=True)
        )  # fmt: skip
        if stamps:
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            made = made.add_extension(usage, critical=True)
        if self.url and not ca:
            place = x509.DistributionPoint(
                [x509.UniformResourceIdentifier(f"{self.url}/crl")], None, None, None
            )
            made = made.add_extension(x509.CRLDistributionPoints([place]), critical=False)
        return made.sign(new_key(self.key), hashes.SHA256())

    def key_file(
        self, name: str = "Jane Roe", password: str = PASSWORD, *, stem: str = "key", **options: Any
    ) -> Path:
        """A PKCS#12 file of a signer."""
        key = new_key(1)
        made = pkcs12.serialize_key_and_certificates(
            name.encode(), key, self.certificate(name, key, **options), [self.root],
            BestAvailableEncryption(password.encode()) if password else NoEncryption(),
        )  # fmt: skip
        path = self.folder / f"{stem}.p12"
        path.write_bytes(made)
        return path

    def crl(self) -> bytes:
        """The list of what the root revoked."""
        made = (
            x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
            .last_update(clock.now() - dt.timedelta(minutes=5)).next_update(clock.now() + DAY)
        )  # fmt: skip
        for serial in self.revoked:
            one = x509.RevokedCertificateBuilder().serial_number(serial)
            made = made.add_revoked_certificate(
                one.revocation_date(clock.now() - dt.timedelta(minutes=4)).build()
            )
        return made.sign(new_key(self.key), hashes.SHA256()).public_bytes(Encoding.DER)

    def stamp(self, request: bytes) -> bytes:
        """The answer to a request for a stamp."""
        from asn1crypto import keys, tsp
        from asn1crypto import x509 as asn1
        from pyhanko.sign.timestamps import DummyTimeStamper

        asked = tsp.TimeStampReq.load(request)
        if self.answer == "noise":
            return b"\x00" * 40
        if self.answer == "refuse":
            status = {"status": "rejection", "status_string": ["closed today"]}
            inside = tsp.PKIStatusInfo(status).dump()
            return b"\x30" + bytes([len(inside)]) + bytes(inside)  # a response without a stamp
        if self.answer == "other":
            asked["message_imprint"]["hashed_message"] = bytes(32)
        if self.answer == "nonce":
            asked["nonce"] = 7
        key = new_key(2)
        own = self.certificate("Stamps of Tests", key, stamps=True)
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        stamper = DummyTimeStamper(
            asn1.Certificate.load(own.public_bytes(Encoding.DER)),
            keys.PrivateKeyInfo.load(private), fixed_dt=clock.now().replace(microsecond=0),
        )  # fmt: skip
        return bytes(asyncio.run(stamper.async_request_tsa_response(asked)).dump())


@contextmanager
def authorities(folder: Path) -> Iterator[Authorities]:
    """The authorities, answering on this machine until the block ends."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.asked.append(self.path)
            request = self.rfile.read(int(self.headers["Content-Length"]))
            self._send(made.stamp(request), "application/timestamp-reply")

        def do_GET(self) -> None:
            made.asked.append(self.path)
            self._send(made.crl() if made.lists else b"", "application/pkix-crl")

        def _send(self, data: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made = Authorities(folder, f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _usage(*, signs: bool, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs and not ca, content_commitment=False, key_encipherment=not signs,
        data_encipherment=False, key_agreement=False, key_cert_sign=ca, crl_sign=ca,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip

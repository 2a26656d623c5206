"""Keeps the libraries of search from opening connections and from starting threads behind our back."""

from __future__ import annotations

import os
import sys
from typing import Any


def prepare() -> None:
    """Call before the first import of openvino, tokenizers or sentence_transformers."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # its threads do not survive a fork
    if "openvino_telemetry" not in sys.modules:
        missing: dict[str, Any] = {
            "openvino_telemetry": None
        }  # openvino then uses its own empty stand-in
        sys.modules.update(missing)


def openvino() -> Any:
    """The openvino module, loaded without its telemetry."""
    prepare()
    import openvino as module

    return module

from __future__ import annotations

import subprocess
import sys

from casekit.progress import Silent
from casekit.search import index_pending, search
from casekit.search.engine import HashEmbedder
from casekit.store.case import Case
from tests.search.builders import add


def test_importing_search_loads_no_engine() -> None:
    heavy = "('torch', 'faiss', 'openvino', 'tokenizers', 'sentence_transformers')"
    code = f"import sys, casekit.search; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_each_index_can_be_filled_alone(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "fox"})
    report = index_pending(case, Silent(), vectors=False)
    assert (report.words, report.vectors) == (1, 0)
    assert search(case, "fox").total == 1
    report = index_pending(case, Silent(), words=False, embedder=HashEmbedder())
    assert (report.words, report.vectors) == (0, 1)


def test_what_is_added_later_is_indexed_later(case: Case) -> None:
    for n in range(3):
        with case.write() as s:
            add(s, texts={"body": "fox"})
        assert index_pending(case, Silent(), embedder=HashEmbedder()).words == 1
        assert search(case, "fox").total == n + 1

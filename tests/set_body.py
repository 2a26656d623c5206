"""The body of a small finding on the overlap of sets, for what shows or prints one."""

from __future__ import annotations

from typing import Any

ROW = {"runs": 0.5, "rare": 4.25, "longest": 12}
BODY: dict[str, Any] = {
    "parameters": {"subject": "s", "source": "t", "served": False},
    "result": {
        "refused": None, "measures": [
            {"measure": m, "subject": v, "controls_median": v / 2, "controls_highest": v, "families": 5,
             "families_at_least_as_high": 1, "upper": 0.6574} for m, v in ROW.items()
        ],
    },
    "examined": {"model": "s", "family": "s", **ROW},
    "controls": [{"model": "c", "family": "f", **ROW}],
    "inside": [{"set": "s", "exact": 0, "near": 2}, {"set": "prompts", "exact": 0, "near": 1}],
    "matrix": {"rows": ["s", "c", "t"], "columns": ["s", "c", "t"], "answers": 4,
               "hits": [[0, 1, 2], [1, 0, 2], [2, 2, 0]]},
    "hits": [{"model": "s", "measure": "runs", "with": "t", "items": [3, 5]},
             {"model": "c", "measure": "runs", "with": "t", "items": [7]}],
}  # fmt: skip

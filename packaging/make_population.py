"""Makes the reference population from a folder of public outputs; the texts stay outside.

    python packaging/make_population.py FOLDER [DATE]

FOLDER holds one `MODEL.json.gz` a model (rows with `instruction` and `output`), `lineage.csv` (the population)
and `SOURCES.md` (where the outputs are published). The same folder gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sys
from pathlib import Path

from casekit.analysis import population, shipped
from casekit.analysis.lineage_run import HABITS

TARGET = Path(__file__).parents[1] / "resources" / "population"
COLUMNS = (
    "model",
    "family",
    "role",
    "documented_teacher_family",
    "teacher_lab",
    "confidence",
    "source",
)


def main(folder: Path, date: str) -> None:
    asked: dict[bytes, str] = {}
    answers: dict[str, dict[bytes, str]] = {}
    files = {}
    for path in sorted(folder.glob("*.json.gz")):
        data = gzip.decompress(path.read_bytes())
        own = answers.setdefault(path.name.removesuffix(".json.gz"), {})
        files[path.name.removesuffix(".json.gz")] = hashlib.sha256(data).hexdigest()
        for row in json.loads(data):
            prompt = hashlib.sha256(row["instruction"].encode()).digest()
            asked[prompt] = row["instruction"]
            if row["output"].strip():
                own.setdefault(prompt, row["output"])
    with (folder / "lineage.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["model"] in answers]
    TARGET.mkdir(parents=True, exist_ok=True)
    with (TARGET / "population.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    population.read(TARGET / "population.csv")
    packed = shipped.pack(sorted(answers), sorted(asked), answers, HABITS, asked)
    (TARGET / "habits.bin").write_bytes(packed)
    published = (folder / "SOURCES.md").read_text("utf-8").split("`lineage.csv`")[0]
    provenance = {
        "what": "Features of public models' answers, hashed; no texts.",
        "public_outputs": " ".join(published.split()),
        "made_by": "packaging/make_population.py", "date": date, "prompts": len(asked), "models": len(answers),
        "habits_bin_sha256": hashlib.sha256(packed).hexdigest(), "files_sha256_uncompressed": files,
    }  # fmt: skip
    text = json.dumps(provenance, indent=1, ensure_ascii=False, sort_keys=True)
    (TARGET / "PROVENANCE.json").write_text(text + "\n", "utf-8")
    print(len(packed), "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "2026-11-28")

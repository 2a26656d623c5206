import hashlib
import io
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import msgspec
import pikepdf
import pytest
from PIL import Image

from casekit.dossier import in_parts
from casekit.dossier import manifest as manifests
from casekit.dossier.attached import planned
from casekit.dossier.limits import MEGABYTE
from casekit.dossier.parting import parts_at, set_sha256
from casekit.dossier.pdfa import Profile, conformance
from casekit.dossier.plan import plan
from casekit.dossier.render import Rendered, render
from casekit.dossier.sheet import DossierPlan
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.jobs.verify_dossier import verify_dossier
from casekit.ops.items import NewItem
from casekit.store.case import Case, create_case
from tests import verapdf
from tests.dossier.builders import Builder, pdf, whole_matter
from tests.dossier.pdf_text import glyphs_of

LIMIT = 0.8  # MB


def noise(seed: int, width: int = 300, height: int = 300) -> bytes:
    """A picture that no compression makes small: 90,000 bytes in grey."""
    out = io.BytesIO()
    data = random.Random(seed).randbytes(width * height)
    Image.frombytes("L", (width, height), data).save(out, "PNG")
    return out.getvalue()


class NoisyOriginals:
    """Every page of one item is noise; the rest as the builder gives it."""

    def __init__(self, built: Builder, noisy: dict[int, int]) -> None:
        self._own, self._noisy = built.originals, noisy

    def raw(self, item_id: int) -> bytes:
        return self._own.raw(item_id)

    def page(self, item_id: int, page: int, dpi: int) -> bytes:
        if item_id in self._noisy:
            return noise(item_id * 1000 + page, height=self._noisy[item_id])
        return self._own.page(item_id, page, dpi)

    def words(self, item_id: int, page: int) -> tuple[()]:
        return ()


@dataclass(frozen=True)
class Parted:
    case: Case
    plan: DossierPlan
    originals: NoisyOriginals
    rendered: Rendered
    manifest: dict


def parted(
    folder: Path, profile: Profile = "filing", noisy: tuple[tuple[str, int, int], ...] = (),
    limit: float = LIMIT,
) -> Iterator[Parted]:  # fmt: skip
    """A matter with a document of 12 noisy pages among its exhibits, in parts."""
    with create_case(folder / "Case", "Aurora v. Meridian") as case:
        built = whole_matter(case, folder)
        heights = {}
        for label, pages, height in noisy or (("N-1", 3, 300), ("N-2", 20, 300), ("N-3", 2, 300)):
            (item_id,) = built.add(f"{label}.pdf", pdf(pages, f"{label}.pdf"))
            built.exhibit(item_id, label)
            heights[item_id] = height
        originals = NoisyOriginals(built, heights)
        with case.read() as s:
            decided = plan(s, DossierSpec(profile=profile, limit_mb=limit))
        rendered = render(decided, originals, folder / "d.pdf")
        manifest = json.loads(rendered.manifest.read_bytes())
        yield Parted(case, decided, originals, rendered, manifest)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parted]:
    yield from parted(tmp_path_factory.mktemp("parts"))


def page_texts(path: Path) -> list[str]:
    return ["".join(g.character for g in page) for page in glyphs_of(path)]


def test_every_part_is_below_the_limit_on_disk_and_named_by_its_number(parts: Parted) -> None:
    files = parts.rendered.parts
    of = len(files)
    assert of >= 3
    assert [path.name for path in files] == [f"d-part-{n}-of-{of}.pdf" for n in range(1, of + 1)]
    assert all(path.stat().st_size <= LIMIT * MEGABYTE for path in files)
    assert not (files[0].parent / "d.pdf").exists()
    wasted = [a.stat().st_size + b.stat().st_size for a, b in pairwise(files)]
    assert len([size for size in wasted if size < LIMIT * MEGABYTE / 2]) == 0


def test_pages_and_exhibits_run_through_all_parts(parts: Parted) -> None:
    numbers, sheets = [], 0
    for n, path in enumerate(parts.rendered.parts, 1):
        texts = page_texts(path)
        with pikepdf.open(path) as file:
            assert f"(part {n} of {len(parts.rendered.parts)})" in str(file.docinfo.Title)
            labels = [file.pages[at].label for at in range(len(file.pages))]
        for label, text in zip(labels, texts, strict=True):
            found = re.search(r"Page(\d+)of(\d+)", text.replace(" ", ""))
            if label == f"Part {n}":
                sheets += 1
                assert found is None
                assert f"Part{n}of{len(parts.rendered.parts)}" in text.replace(" ", "")
            elif label != "1":  # the cover bears no foot
                assert found
                assert (found[1], found[2]) == (label, str(parts.rendered.pages))
            numbers += [int(label)] if label.isdigit() else []
    assert sheets == len(parts.rendered.parts)
    assert numbers == list(range(1, parts.rendered.pages + 1))


def test_parts_end_between_exhibits_and_one_too_long_is_cut_at_a_page(parts: Parted) -> None:
    begins = {c["page"] for c in parts.manifest["exhibits"] + parts.manifest["findings"]}
    long = next(c for c in parts.manifest["exhibits"] if c["label"] == "N-2")
    inside = range(long["page"] + 1, long["page"] + long["pages"])
    firsts = [p["first"] for p in parts.manifest["parts"]][1:]
    assert any(first in inside for first in firsts)
    sections = {"CUSTODY", "HASHES", "REDACTIONS"}
    for path, first in zip(parts.rendered.parts[1:], firsts, strict=True):
        with pikepdf.open(path) as file:
            names = file.Root.Names.Dests.Names
            dests = {str(names[i]) for i in range(0, len(names), 2)}
        assert first in begins or first in inside or dests & sections
    short = next(c for c in parts.manifest["exhibits"] if c["label"] == "N-3")
    assert not any(short["page"] < first < short["page"] + short["pages"] for first in firsts)


def test_the_index_and_the_bookmarks_of_part_one_say_where_every_exhibit_is(
    parts: Parted,
) -> None:
    chapters = parts.manifest["exhibits"] + parts.manifest["findings"]
    assert {c["part"] for c in chapters} >= {1, 2, 3}
    with pikepdf.open(parts.rendered.parts[0]) as file, file.open_outline() as outline:
        told = [str(child.title) for entry in outline.root for child in entry.children]
        index = next(n for n, o in enumerate(outline.root) if str(o.title) == "Index of exhibits")
        assert index
    for chapter in chapters:
        if chapter["part"] == 1:
            assert any(t.startswith(f"{chapter['label']}") for t in told)
        else:
            end = f"(part {chapter['part']}, page {chapter['page']})"
            assert any(t.startswith(f"{chapter['label']}  ") and t.endswith(end) for t in told)
    done = subprocess.run(
        ["pdftotext", "-layout", str(parts.rendered.parts[0]), "-"], capture_output=True, text=True
    )
    rows = done.stdout[done.stdout.index("Index of exhibits") :]
    for chapter in chapters:
        row = re.search(
            rf"^ *{re.escape(chapter['label'])} .*\b{chapter['page']}$\n(.*)", rows, re.M
        )
        assert row, chapter["label"]
        assert f"part {chapter['part']}" in row[1] or f"part {chapter['part']}" in row[0]


def test_links_lead_to_what_is_in_the_same_file_and_nowhere_else(parts: Parted) -> None:
    links = 0
    for path in parts.rendered.parts:
        with pikepdf.open(path) as file:
            names = file.Root.Names.Dests.Names
            dests = {str(names[i]): names[i + 1] for i in range(0, len(names), 2)}
            pages = {page.obj.objgen for page in file.pages}
            assert all(dest[0].objgen in pages for dest in dests.values())
            for page in file.pages:
                for note in page.obj.get("/Annots", []):
                    links += 1
                    assert str(note.Dest) in dests
            with file.open_outline() as outline:
                items = [*outline.root, *(c for o in outline.root for c in o.children)]
                for item in items:
                    assert item.destination is None or str(item.destination) in dests
                    assert item.action is None
    assert links > 5


def test_where_a_part_begins_is_said_in_the_manifest(parts: Parted) -> None:
    for chapter in parts.manifest["exhibits"]:
        path = parts.rendered.parts[chapter["part"] - 1]
        text = page_texts(path)[chapter["part_page"] - 1]
        assert f"Exhibit{chapter['label']}" in text.replace(" ", "")


@pytest.mark.slow
@pytest.mark.timeout(1800)  # veraPDF on a busy machine
@pytest.mark.parametrize("profile", ["filing", "bundle", "accessible"])
def test_every_part_is_pdf_a(profile: Profile, tmp_path: Path) -> None:
    if why := verapdf.missing():
        pytest.skip(why)
    for made in parted(tmp_path, profile):
        part, level = conformance(profile)
        assert len(made.rendered.parts) >= 3
        for path in made.rendered.parts:
            assert verapdf.failures(path, part + level.lower()) == {}
            if profile == "accessible":
                assert verapdf.failures(path, "ua1") == {}


def test_equal_plans_give_equal_parts(parts: Parted, tmp_path: Path) -> None:
    again = render(parts.plan, parts.originals, tmp_path / "d.pdf")
    assert [p.name for p in again.parts] == [p.name for p in parts.rendered.parts]
    assert [p.read_bytes() for p in again.parts] == [p.read_bytes() for p in parts.rendered.parts]
    assert again.manifest.read_bytes() == parts.rendered.manifest.read_bytes()


def test_hashes_and_program_speak_of_every_part(parts: Parted, tmp_path: Path) -> None:
    made = parts.rendered
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in made.files:
        shutil.copy(path, folder)
    assert made.sha256 == set_sha256((p["name"], p["sha256"]) for p in parts.manifest["parts"])
    check = [sys.executable, "-I", "-S", made.program.name, "--expect", made.sha256]
    sums = ["sha256sum", "-c", "--ignore-missing", made.sums.name]

    def run(command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True)

    whole = run(check)
    assert whole.returncode == 0, whole.stdout
    assert all(f"{p.name} is the one that the manifest names" in whole.stdout for p in made.parts)
    assert run(sums).returncode == 0
    told = folder / made.manifest.name
    good = told.read_bytes()
    told.write_bytes(good.replace(made.sha256.encode(), b"0" * 64))
    assert "CHANGED all parts together" in run(check).stdout
    told.write_bytes(good)
    second = folder / made.parts[1].name
    data = second.read_bytes()
    second.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    assert run(check).returncode == 1
    assert run(sums).returncode == 1
    second.unlink()
    gone = run(check)
    assert gone.returncode == 1
    assert f"{second.name} is not here" in gone.stdout
    first = folder / made.parts[0].name
    shutil.copy(first, second)  # one part in the place of another
    assert run(check).returncode == 1


def test_a_page_larger_than_the_limit_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CaseKitError, match=r"Exhibit N-1, page 2\) takes [\d,]+ bytes by itself"):
        list(parted(tmp_path, noisy=(("N-1", 2, 4000),)))
    assert not list(tmp_path.glob("d*"))


def test_what_fits_stays_one_file_and_a_draft_replaces_the_parts_before(
    parts: Parted, tmp_path: Path
) -> None:
    first = render(parts.plan, parts.originals, tmp_path / "d.pdf")
    assert len(first.parts) > 1
    large = msgspec.structs.replace(parts.plan, limit=100 * MEGABYTE)
    one = render(large, parts.originals, tmp_path / "d.pdf")
    assert one.parts == ()
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "d.SHA256SUMS", "d.manifest.json", "d.pdf", "d.verify.py",
    ]  # fmt: skip
    assert "parts" not in json.loads(one.manifest.read_bytes())
    other = tmp_path / "d-part-1-of-99.pdf"
    other.write_bytes(b"of another dossier, whose manifest was moved")
    edited = tmp_path / "d.pdf"
    edited.write_bytes(b"somebody's own file under the old name")
    render(parts.plan, parts.originals, tmp_path / "d.pdf")
    assert other.exists()
    assert edited.exists()


def test_a_draft_whose_naming_was_cut_short_is_told_and_can_be_written_again(
    parts: Parted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "d.pdf"
    for path in parts.rendered.files:
        shutil.copy2(path, tmp_path)
    other = msgspec.structs.replace(parts.plan, title="Another title")
    replace, left = Path.replace, [4]  # three beside it and one part

    def cut(self: Path, target: Path) -> Path:
        if self.parent.parent == tmp_path:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", cut)
        with pytest.raises(KeyboardInterrupt):
            render(other, parts.originals, out)
    assert {damage.what for damage in verify_dossier(out).damaged} == {
        path.name for path in parts.rendered.parts[1:]
    }
    assert set(parts_at(out)) <= set(manifests.drafted(out))  # nothing refuses to be replaced
    made = render(other, parts.originals, out)
    assert {p.name for p in tmp_path.iterdir()} == {p.name for p in made.files}
    assert verify_dossier(out).damaged == []


def test_parts_too_large_at_first_are_cut_anew(
    parts: Parted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_parts, "_AROUND", -300_000)
    made = render(parts.plan, parts.originals, tmp_path / "d.pdf")
    assert all(p.stat().st_size <= LIMIT * MEGABYTE for p in made.parts)


def padded(name: str, size: int) -> NewItem:
    """A page of a PDF with as many bytes behind its end, which no compression makes small."""
    made = pdf(1, name)
    data = made.columns["bytes"] + random.Random(name).randbytes(size)
    made.columns.update(bytes=data, size=len(data), sha256=hashlib.sha256(data).digest())
    return made


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parted]:
    """A matter to keep, in parts: K-2 is larger than a file may be, K-3 has no room with its page."""
    folder = tmp_path_factory.mktemp("kept")
    with create_case(folder / "Case", "Aurora v. Meridian") as case:
        built = whole_matter(case, folder)
        for label, size in (("K-1", 300), ("K-2", 900), ("K-3", 780), ("K-4", 300), ("K-5", 350)):
            (item_id,) = built.add(f"{label}.pdf", padded(f"{label}.pdf", size * 1000))
            built.exhibit(item_id, label)
        originals = NoisyOriginals(built, {})
        with case.read() as s:
            decided = plan(s, DossierSpec(profile="archive", limit_mb=LIMIT))
        rendered = render(decided, originals, folder / "d.pdf")
        manifest = json.loads(rendered.manifest.read_bytes())
        yield Parted(case, decided, originals, rendered, manifest)


def attached_to(path: Path) -> dict[str, bytes]:
    with pikepdf.open(path) as file:
        return {name: spec.get_file().read_bytes() for name, spec in file.attachments.items()}


def test_natives_go_with_their_exhibit_or_beside_and_none_is_lost(kept: Parted) -> None:
    made = kept.rendered
    assert all(path.stat().st_size <= LIMIT * MEGABYTE for path in made.parts)
    inside = [attached_to(path) for path in made.parts]
    begins = {c["label"]: c["part"] for c in kept.manifest["exhibits"]}
    names = planned(kept.plan)
    for part, found in enumerate(inside, 1):
        assert {begins[names[name].label] for name in found} <= {part}
        assert sorted(found) == sorted(kept.manifest["parts"][part - 1].get("natives", []))
    lying = {p.name.removeprefix("d-"): p.read_bytes() for p in made.beside}
    assert {names[name].label for name in lying} == {"K-2", "K-3"}
    everything = {name: data for each in (*inside, lying) for name, data in each.items()}
    assert {n: hashlib.sha256(d).hexdigest() for n, d in everything.items()} == {
        name: one.record_sha256 for name, one in names.items()
    }
    assert sum(map(len, inside)) + len(lying) == len(names)
    (said,) = made.problems
    assert said.startswith("The native record of Exhibit K-2 lies beside the dossier as d-EX-K-2-")
    told = "".join(page_texts(made.parts[0])).replace(" ", "")
    assert "Besidethedossier,asfilesoftheirown" in told
    assert all(name in told for name in [*inside[0], *lying])


def test_natives_beside_are_verified_like_the_parts(kept: Parted, tmp_path: Path) -> None:
    made = kept.rendered
    for path in made.files:
        shutil.copy(path, tmp_path)
    check = [sys.executable, "-I", "-S", made.program.name]
    sums = ["sha256sum", "-c", "--ignore-missing", made.sums.name]

    def run(command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    first = tmp_path / made.parts[0].name
    assert (run(check).returncode, run(sums).returncode) == (0, 0)
    assert verify_dossier(first).damaged == []
    one = tmp_path / made.beside[0].name
    data = one.read_bytes()
    one.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert (run(check).returncode, run(sums).returncode) == (1, 1)
    assert {d.what for d in verify_dossier(first).damaged} == {one.name}
    one.unlink()
    assert f"{one.name} is not here" in run(check).stdout
    assert [d.why for d in verify_dossier(first).damaged] == [
        "It is not there, and its manifest names it."
    ]


def test_a_draft_replaces_its_own_natives_and_no_file_of_somebody_else(
    kept: Parted, tmp_path: Path
) -> None:
    for path in kept.rendered.files:
        shutil.copy2(path, tmp_path)
    again = render(kept.plan, kept.originals, tmp_path / "d.pdf")
    assert [p.read_bytes() for p in again.files] == [p.read_bytes() for p in kept.rendered.files]
    small = msgspec.structs.replace(kept.plan, limit=0)
    render(small, kept.originals, tmp_path / "d.pdf")
    assert not [p for p in tmp_path.iterdir() if "EX-K" in p.name]
    own = tmp_path / kept.rendered.beside[0].name
    own.write_bytes(b"somebody's own")
    with pytest.raises(CaseKitError, match="belongs to no draft of this dossier"):
        render(kept.plan, kept.originals, tmp_path / "d.pdf")
    assert own.read_bytes() == b"somebody's own"
    assert (tmp_path / "d.pdf").exists()


@pytest.mark.slow
def test_every_part_to_keep_is_pdf_a_3u(kept: Parted) -> None:
    if why := verapdf.missing():
        pytest.skip(why)
    for path in kept.rendered.parts:
        assert verapdf.failures(path, "3u") == {}

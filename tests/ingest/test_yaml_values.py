from __future__ import annotations

import pytest

from casekit.ingest.yaml_values import BadYaml, load

BOMB = "a: &a [" + ",".join("x" * 10) + "]\n"
BOMB += "\n".join(
    f"{name}: &{name} [{','.join(['*' + before] * 10)}]"
    for before, name in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\nb: [x, 'y', \"z\\n\"]\nc: |-\n  l1\n   l2\n",
         {"a": 1, "b": ["x", "y", "z\n"], "c": "l1\n l2"}),
        ("- null\n- ~\n- \n- yes\n- 'yes'\n- FALSE", [None, None, None, True, "yes", False]),
        ("[1, -2, 010, 0x1f, 1:20, 1.5, 1e5, .inf, 12345678901234567890]",
         [1, -2, "010", "0x1f", "1:20", 1.5, "1e5", ".inf", "12345678901234567890"]),
        ("a: 2024-01-01", {"a": "2024-01-01"}),
        ("!!binary aGk=", "hi"),
        ("!binary |-\n  H4v/", "\x1f\x8b\xff"),
        ("!!binary 'a'", "a"),
        ("!!python/object/apply:os.system ['x']", ["x"]),
        ("a: !ruby/object:X {b: !!python/unicode c}", {"a": {"b": "c"}}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: 1\n---\nb: 2", {"a": 1}),
        ("", None),
        ("# only a comment", None),
    ],
)  # fmt: skip
def test_values(text: str, value: object) -> None:
    assert load(text) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[" * 100_000, "too-deep"),
        ("- " * 100_000, "too-deep"),
        ("{a: " * 50_000, "too-deep"),
        ("&a [*a]", "bad-yaml"),
        ("*nobody", "bad-yaml"),
        (BOMB, "too-large"),
        ("? [a]\n: b", "bad-yaml"),
        ("\0", "bad-yaml"),
        ("\ud800", "bad-yaml"),
        ("a: 'open", "bad-yaml"),
        ("a: 1\na: 2", "duplicate-key"),
        ("a: b: c", "bad-yaml"),
    ],
    ids=lambda text: text[:12].encode("utf-8", "replace").decode(),
)
def test_what_is_refused(text: str, kind: str) -> None:
    with pytest.raises(BadYaml) as found:
        load(text)
    assert found.value.kind == kind

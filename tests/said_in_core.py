"""The sentences the core may say to a user, read from its source as templates with `{name}` places."""

from __future__ import annotations

import ast
import itertools
import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casekit import errors

CORE = Path(errors.__file__).parent
MOST = 60

#: Files whose sentences are printed or belong to the sample, and are never said in the window.
PRINTED = re.compile(
    r"cli/|ui/|jobs/demo|jobs/(load_tables|term_report)\.py"
    r"|dossier/(case_uco|rsmf|manifest|sealing|word_file|gaps|differences)\.py"
    r"|queries/(overview|quotes|redactions)\.py|search/(golden|completing)\.py|confine/worker\.py"
    r"|ingest/(formats|sniff\w*|dialects/(table|demo|values))\.py|i18n|sentences"
)
#: Which arguments of these are sentences or words that the window shows.
GIVEN = {
    "Act": slice(2, 3), "Problem": slice(2, 3), "step": slice(2, 3), "_step": slice(0, 1),
    "Damage": slice(0, 2), "damage": slice(0, 2), "Verdict": slice(1, 2), "result": slice(0, 1),
    "_use": slice(4, 5),
}  # fmt: skip
_PLACE = re.compile(r"(?<!\{)\{\w+(:[^{}]*)?\}(?!\})")
_ENDING = re.compile(r"\.[\"'](?![\"'])")
_SENTENCE = re.compile(r"(?s)[A-Z“{7].* .*[\w}”’)%]\.")


@dataclass(frozen=True)
class Hole:
    """A place that only the run of the program fills, by its source; `name` is what to call it."""

    name: str
    source: str


Pieces = tuple[str | Hole, ...]


@dataclass(frozen=True)
class Sentence:
    """A template, and where it is said."""

    template: str
    file: str
    line: int


class Module:
    """One file: its functions, the values of its names, and where its imports come from."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = path.relative_to(CORE).as_posix()
        self.tree = ast.parse(path.read_text("utf-8"))
        self.nodes = all_nodes(self.tree)
        self.functions: dict[str, ast.FunctionDef] = {}
        self.values = _given(self.tree.body)
        self.imports: dict[str, tuple[str, str]] = {}
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef):
                self.functions.setdefault(node.name, node)
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("casekit"):
                for each in node.names:
                    self.imports[each.asname or each.name] = (node.module or "", each.name)


def all_nodes(top: ast.AST) -> list[ast.AST]:
    """A node and all below it; quicker than `ast.walk`."""
    found = [top]
    for node in found:  # grows while it is gone through
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
    return found


def _given(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    """What each name is given in these statements."""
    found: dict[str, list[ast.expr]] = defaultdict(list)
    for node in nodes:
        match node:
            case ast.Assign(targets=[target], value=value):
                _give(target, value, found)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                _give(target, value, found)
            case ast.NamedExpr(target=target, value=value):
                _give(target, value, found)
            case ast.For(target=target, iter=ast.Tuple(elts=values)):
                for value in values:
                    _give(target, value, found)
    return found


def _give(target: ast.expr, value: ast.expr, found: dict[str, list[ast.expr]]) -> None:
    match target, value:
        case ast.Name(id=name), _:
            found[name].append(value)
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            for one, each in zip(targets, values, strict=False):
                _give(one, each, found)


@cache
def files() -> dict[str, Path]:
    """All files of the package by their dotted names."""
    made = {}
    for path in sorted(CORE.rglob("*.py")):
        parts = path.relative_to(CORE.parent).with_suffix("").parts
        made[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return made


@cache
def module(name: str) -> Module:
    """A file by its dotted name, read once."""
    return Module(files()[name])


@cache
def text_of(name: str) -> str:
    """What stands in a file."""
    return files()[name].read_text("utf-8")


@cache
def refusals() -> frozenset[str]:
    """The names of `CaseKitError` and all that are made from it."""
    bases = {
        name: of
        for file in files()
        for name, of in re.findall(r"^class (\w+)\((\w+)\):", text_of(file), re.MULTILINE)
    }
    found = {"CaseKitError"}
    while more := {name for name, of in bases.items() if of in found} - found:
        found |= more
    return frozenset(found)


def name_of(node: ast.expr) -> str:
    """What to call the place that an expression fills."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Call(func=ast.Name(id="len"), args=[first, *_]):
            return "n_" + name_of(first)
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[first, *_]):
            return name_of(first)
        case ast.Call(args=[first, *_]) | ast.Subscript(value=first) | ast.BinOp(left=first):
            return name_of(first)
        case ast.Call(func=ast.Attribute(value=first)):
            return name_of(first)
        case ast.GeneratorExp(elt=first) | ast.ListComp(elt=first):
            return name_of(first)
    return "x"


class Reader:
    """What an expression in one function can come to."""

    def __init__(self, module: Module, inside: ast.AST | None, depth: int = 0) -> None:
        self.module, self.depth = module, depth
        self.given = _given(all_nodes(inside)) if inside is not None else {}
        self.arguments = {
            a.arg
            for a in (all_nodes(inside) if inside is not None else ())
            if isinstance(a, ast.arg)
        }
        self._busy: set[str] = set()

    def read(self, node: ast.expr) -> list[Pieces]:
        """Each text that the expression can come to; a place where it cannot be told."""
        return self._known(node) or [(Hole(name_of(node), ast.unparse(node)),)]

    def _known(self, node: ast.expr) -> list[Pieces]:
        match node:
            case ast.Constant(value=str(text)):
                return [(text,)]
            case ast.JoinedStr(values=values):
                return self._product([self.read(v) for v in values])
            case ast.FormattedValue(value=value):
                return self._inner(value)
            case ast.IfExp(body=body, orelse=other):
                return [*self.read(body), *self.read(other)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._product([self.read(left), self.read(right)])
            case ast.BoolOp(values=values):
                return [pieces for v in values for pieces in self.read(v)]
            case ast.NamedExpr(value=value):
                return self.read(value)
            case ast.Name(id=name):
                return self._named(name)
            case ast.Subscript(value=ast.Name(id=name)):
                return self._looked_up(name)
            case ast.Call():
                return self._called(node)
        return []

    def _inner(self, value: ast.expr) -> list[Pieces]:
        """A place of an f-string: opened only where it chooses between fixed texts."""
        if isinstance(value, ast.IfExp | ast.Name | ast.Subscript):
            found = self._known(value)
            if found and all(isinstance(x, str) for pieces in found for x in pieces):
                return found
            if isinstance(value, ast.IfExp):
                return found
        return [(Hole(name_of(value), ast.unparse(value)),)]

    def _product(self, parts: list[list[Pieces]]) -> list[Pieces]:
        every = itertools.islice(itertools.product(*parts), MOST)
        return [tuple(itertools.chain(*each)) for each in every]

    def _named(self, name: str) -> list[Pieces]:
        if name in self._busy:
            return []
        self._busy.add(name)
        found = [pieces for value in self.given.get(name, ()) for pieces in self.read(value)]
        self._busy.discard(name)
        if found or name in self.arguments:
            return found
        home, values = self._of_module(name)
        reader = Reader(home, None, self.depth + 1)
        return [pieces for value in values for pieces in reader.read(value)]

    def _of_module(self, name: str) -> tuple[Module, list[ast.expr]]:
        if self.depth > 3:
            return self.module, []
        if name in self.module.values:
            return self.module, self.module.values[name]
        origin, real = self.module.imports.get(name, ("", ""))
        other = module(origin) if origin in files() else self.module
        return other, other.values.get(real, [])

    def _looked_up(self, name: str) -> list[Pieces]:
        home, values = self._of_module(name)
        values = values or self.given.get(name, [])
        reader = Reader(home, None, self.depth + 1)
        return [
            pieces
            for table in values
            if isinstance(table, ast.Dict)
            for value in table.values
            for pieces in reader.read(value)
        ]

    def _called(self, node: ast.Call) -> list[Pieces]:
        match node.func:
            case ast.Attribute(value=inner, attr="format"):
                return [tuple(_places(pieces)) for pieces in self._known(inner)]
            case ast.Attribute(value=inner, attr="strip" | "rstrip" | "capitalize"):
                return self._known(inner)
            case ast.Attribute(value=ast.Name(id=name), attr="get"):
                return self._looked_up(name)
            case ast.Name(id=name):
                return self._returned(name)
        return []

    def _returned(self, name: str) -> list[Pieces]:
        home, function = self.module, self.module.functions.get(name)
        if function is None:
            origin, real = self.module.imports.get(name, ("", ""))
            if origin in files():
                home = module(origin)
                function = home.functions.get(real)
        if (
            function is None
            or self.depth > 2
            or ast.unparse(function.returns or ast.Name("")) != "str"
        ):
            return []
        reader = Reader(home, function, self.depth + 1)
        ends = [n.value for n in all_nodes(function) if isinstance(n, ast.Return) and n.value]
        return [pieces for end in ends for pieces in reader.read(end)]


def _places(pieces: Pieces) -> Iterator[str | Hole]:
    """The pieces with each `{name}` of a text made a place, as `str.format` does."""
    for piece in pieces:
        if isinstance(piece, Hole):
            yield piece
            continue
        try:
            parsed = list(string.Formatter().parse(piece))
        except ValueError:  # braces of another language, such as a pattern's
            yield piece
            continue
        for text, name, _, _ in parsed:
            yield text
            if name is not None:
                yield Hole(name, "format:" + name)


def template_of(pieces: Pieces) -> str:
    """Pieces as a template: braces of text doubled, places named, neighbouring ones made one."""
    names: dict[str, str] = {}
    out: list[str] = []
    open_place = False
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece.replace("{", "{{").replace("}", "}}"))
            open_place = open_place and not piece
        elif not open_place:
            name, n = names.get(piece.source, piece.name), 2
            while piece.source not in names and name in names.values():
                name, n = f"{piece.name}_{n}", n + 1
            names[piece.source] = name
            out.append("{" + name + "}")
            open_place = True
    return "".join(out)


def _asked(node: ast.Call, where: str) -> tuple[list[ast.expr], bool]:
    """The sentences a call is given, and whether `{name}` in them are places."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            pass
        case _:
            return [], False
    if name in refusals():
        values = {k.arg for k in node.keywords} - {"query", "position"}
        return node.args[:1], bool(values)
    known = name in GIVEN and not where.startswith("ui/")  # where a widget may have a `step` too
    return node.args[GIVEN[name]] if known else [], False


def given_to_users(file: Module) -> Iterator[Sentence]:
    """What one file gives to refusals, problems and progress, followed to where it is written."""
    functions: list[ast.AST] = []
    _outermost(file.tree, functions)
    done: set[int] = set()
    for scope in [*functions, file.tree]:
        calls = [n for n in all_nodes(scope) if isinstance(n, ast.Call) and id(n) not in done]
        done |= {id(n) for n in calls}
        asked = [
            (n.lineno, each, places)
            for n in calls
            for found, places in [_asked(n, file.where)]
            for each in found
        ]
        reader = Reader(file, scope if scope is not file.tree else None) if asked else None
        for line, expression, places in asked:
            for pieces in reader.read(expression) if reader else ():
                places |= any(isinstance(x, str) and _PLACE.search(x) for x in pieces)
                made = tuple(_places(pieces)) if places else pieces
                yield Sentence(template_of(made), file.where, line)


def _outermost(node: ast.AST, found: list[ast.AST]) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            found.append(child)
        elif isinstance(child, ast.stmt):
            _outermost(child, found)


def written(file: Module) -> Iterator[Sentence]:
    """Every text of a file that is no docstring, as a template; f-strings with their places."""
    skipped = {id(n.value) for n in file.nodes if isinstance(n, ast.Expr)}
    for node in file.nodes:
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(n) for n in node.values}
    reader = Reader(file, None)
    for node in file.nodes:
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            for pieces in reader.read(node):
                yield Sentence(template_of(pieces), file.where, node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            pieces = (node.value,)
            if _PLACE.search(node.value):
                pieces = tuple(_places(pieces))
            yield Sentence(template_of(pieces), file.where, node.lineno)


def is_sentence(sentence: Sentence) -> bool:
    """Whether a written text reads as a sentence that the window may show."""
    return bool(_SENTENCE.fullmatch(sentence.template))


@cache
def needed() -> dict[str, Sentence]:
    """What the window may have to say, by its templates: the places as `{}` alone, once each."""
    says = re.compile(rf"\b({'|'.join(sorted({*refusals(), *GIVEN}))})\(")
    found: dict[str, Sentence] = {}
    for name in files():
        if name.startswith("casekit.cli"):
            continue
        where = files()[name].relative_to(CORE).as_posix()
        if says.search(text_of(name)):
            for said in given_to_users(module(name)):
                found.setdefault(shape(said.template), said)
        if not PRINTED.match(where) and _ENDING.search(text_of(name)):
            for said in written(module(name)):
                if is_sentence(said):
                    found.setdefault(shape(said.template), said)
    return found


def shape(template: str) -> str:
    """A template without the names of its places."""
    return re.sub(r"(?<!\{)\{\w+\}(?!\})", "{}", template)


@cache
def all_written() -> frozenset[str]:
    """The shapes of everything that is needed, and of every text that is written in the core."""
    found = set(needed())
    for name, path in files().items():
        if not path.is_relative_to(CORE / "ui"):
            found |= {shape(said.template) for said in written(module(name))}
    return frozenset(found)

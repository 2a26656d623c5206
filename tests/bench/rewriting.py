"""A rule-based rewriting of English answers, by which the evasion of findings on style and wording is measured.

Two strengths. `plain` takes the layout away: Markdown, lists (their entries become sentences, sorted by
length), blank lines, emphasis, and the polite frame around the answer. `worded` does that and changes words as
well: contractions, numbers from one to twelve, over a hundred common words, and clauses after a semicolon or
“, and” become sentences of their own. Anybody can do it by a script in a minute. It is no paraphrase by a
model, which changes the order of thoughts and the syntax as well: that can hide more than is measured here.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"^\s*```.*$", re.M)
_HEAD = re.compile(r"^\s*#+\s*", re.M)
_ENTRY = re.compile(r"^\s*(?:[-*•+]|\d+[.)]|[a-z][.)])\s+(.*)$")
_MARKS = re.compile(r"(\*\*|__|\*|`|~~)")
FRAME = re.compile(
    r"^(?:sure|certainly|of course|absolutely|great question|here(?: is| are|['’]s)|as an ai|"
    r"i(?:['’]m| am) sorry)\b"
    r"[^.!?:\n]*[.!?:]+\s*",
    re.I,
)
CLOSE = re.compile(
    r"(?:\s*(?:i hope (?:this|that)|let me know|please let me know|feel free|if you have any)"
    r"[^.!?\n]*[.!?]+)+\s*$",
    re.I,
)
_NUMBERS = {
    "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
    "9": "nine", "10": "ten", "11": "eleven", "12": "twelve",
}  # fmt: skip
SHORT = {
    "don't": "do not", "doesn't": "does not", "can't": "cannot", "isn't": "is not", "aren't": "are not",
    "it's": "it is", "you're": "you are", "they're": "they are", "won't": "will not", "i'm": "I am",
    "that's": "that is", "there's": "there is", "didn't": "did not", "wasn't": "was not", "let's": "let us",
    "you'll": "you will", "we're": "we are", "i've": "I have", "you've": "you have", "couldn't": "could not",
}  # fmt: skip
WORDS = {
    "important": "significant", "help": "assist", "helps": "assists", "use": "employ", "uses": "employs",
    "using": "employing", "used": "employed", "show": "display", "shows": "displays", "make": "create",
    "makes": "creates", "making": "creating", "made": "created", "many": "numerous", "often": "frequently",
    "also": "too", "however": "yet", "therefore": "so", "additionally": "besides", "overall": "all in all",
    "including": "among them", "ensure": "see to it", "provide": "give", "provides": "gives",
    "provided": "gave", "different": "various", "various": "several", "large": "big", "small": "little",
    "begin": "start", "start": "begin", "end": "finish", "because": "since", "people": "persons",
    "way": "manner", "ways": "manners", "need": "require", "needs": "requires", "good": "fine", "bad": "poor",
    "great": "excellent", "big": "large", "new": "recent", "old": "former", "first": "initially",
    "finally": "at last", "example": "instance", "examples": "instances", "such": "like", "may": "might",
    "might": "may", "should": "ought to", "get": "obtain",
    "keep": "retain", "choose": "select", "allow": "let", "allows": "lets", "create": "build",
    "creates": "builds", "creating": "building", "created": "built", "increase": "raise", "reduce": "lower",
    "improve": "better", "consider": "think about", "within": "inside", "throughout": "all over",
    "several": "a number of", "specific": "particular", "particular": "certain", "common": "usual",
    "usually": "as a rule", "typically": "as a rule", "generally": "mostly", "available": "to be had",
    "information": "data", "world": "globe", "country": "nation", "work": "labour", "job": "post",
    "company": "firm", "quickly": "fast", "easy": "simple", "simple": "plain", "difficult": "hard",
    "hard": "difficult", "understand": "grasp", "know": "be aware", "known": "familiar", "think": "believe",
    "feel": "sense", "look": "appear", "found": "discovered", "find": "discover", "write": "compose",
    "written": "composed", "read": "peruse", "says": "states", "said": "stated", "tell": "inform",
    "problem": "issue", "issue": "matter", "idea": "notion", "result": "outcome", "results": "outcomes",
    "part": "portion", "place": "spot", "day": "date", "beautiful": "lovely",
    "amazing": "marvellous", "delicious": "tasty", "water": "liquid", "heat": "warmth", "add": "put in",
    "mix": "stir", "cook": "prepare", "serve": "dish up", "remember": "keep in mind", "step": "stage",
    "steps": "stages", "and": "as well as", "but": "yet", "very": "quite", "really": "truly",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?|\d+")


def plain(text: str) -> str:
    """The answer without layout and polite frame: one paragraph of sentences."""
    text = CLOSE.sub("", FRAME.sub("", text.strip(), count=1))
    text = _HEAD.sub("", _FENCE.sub("", text))
    said: list[str] = []
    entries: list[str] = []
    for line in text.split("\n"):
        entry = _ENTRY.match(line)
        if entry:
            entries.append(_sentence(entry[1]))
            continue
        if line.strip():
            said += [*sorted(entries, key=lambda e: (len(e), e)), _sentence(line)]
            entries = []
    said += sorted(entries, key=lambda e: (len(e), e))
    return " ".join(_MARKS.sub("", each) for each in said if each) or text.strip()


def worded(text: str) -> str:
    """The plain answer in part with other words, and with shorter sentences."""
    made = re.sub(r";\s+|,\s+and\s+", ". ", plain(text))
    made = _WORD.sub(lambda found: _other(found[0]), made)
    return re.sub(r"(?<=[.!?] )([a-z])", lambda found: found[1].upper(), made)


def _sentence(line: str) -> str:
    line = line.strip().rstrip(":").strip()
    return line if not line or line[-1] in ".!?。" else line + "."


def _other(word: str) -> str:
    small = word.lower().replace("’", "'")
    other = _NUMBERS.get(word) or SHORT.get(small) or WORDS.get(small)
    if other is None:
        return word
    return other[0].upper() + other[1:] if word[0].isupper() else other

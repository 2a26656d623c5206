"""What the parameters of a finding are called where it is told how it was computed."""

from __future__ import annotations

from typing import Any

from casekit.i18n import tr
from casekit.sentences import translated

NAMES = {
    "alike": "Wordings count as one from this likeness on",
    "accounts": "Accounts",
    "before": "Earlier version",
    "cell_level": "Level of a group of accounts",
    "cell_lift": "Times more often together than by chance",
    "classes": "Classes of use",
    "computed_by": "Computed by",
    "controls": "Control models",
    "cosine": "Likeness in meaning from",
    "coverage_draws": "Draws for what a script covers",
    "coverage_prompts": "Prompts for what a script covers",
    "day_classes": "Classes of days",
    "decoys": "Decoys",
    "draws": "Random draws",
    "families": "Model families",
    "fingerprint_words": "Words of a fingerprint",
    "group_level": "Level of a group's use",
    "groups_tested": "Groups tested at most",
    "habits": "Habits of writing",
    "in_common_by": "What accounts have in common, by",
    "kernel": "Measure of likeness",
    "key_sha256": "SHA-256 of the key",
    "lab": "Laboratory",
    "languages": "Languages",
    "least": "Prompts at least",
    "least_customers": "Customers at least",
    "least_dates": "Days at least",
    "least_families": "Model families at least",
    "least_group": "Accounts of a group at least",
    "least_known": "Prompts that show a habit at least",
    "least_linked": "Linked pairs at least",
    "least_placebos": "Placebo pairs at least",
    "least_prompts": "Prompts at least",
    "least_rivals": "Rival models at least",
    "least_strangers": "Models without a link at least",
    "least_students": "Models with a known link at least",
    "least_unlinked": "Pairs without a link at least",
    "length_classes": "Classes of length",
    "life_draws": "Draws for the course of use",
    "lists": "Lists",
    "made": "Made",
    "meaning": "Compared by meaning too",
    "method_sha256": "SHA-256 of the method",
    "min_words": "Words of a shared run at least",
    "missing": "Share of prompts a model may lack",
    "models": "Models",
    "most_in_common": "Share in common at most",
    "most_of_one_customer": "Share of one customer at most",
    "names": "Names looked for",
    "near_alike": "Nearly the same from this likeness on",
    "placebos": "Placebo pairs",
    "prompts": "Prompts",
    "quoted_words": "Words of a quotation from the prompt at least",
    "rare_words": "Words of a rare run",
    "reference": "SHA-256 of the reference population",
    "rephrased_within_us": "Rephrased within",
    "rewirings": "Random rewirings",
    "rivals": "Rival models",
    "run_words": "Words of a shared run at least",
    "script_level": "Level of a script",
    "seed": "Seed",
    "served": "Only answers that were served",
    "set": "Set of canaries",
    "source": "Source model",
    "sources": "Source models",
    "subject": "Subject model",
    "subjects": "Subject fields of prompts",
    "template_words": "Words of a fixed phrase",
    "unit": "Counted by",
    "variants": "Variants",
    "words": "What counts as a word",
}
"""By the names that findings are kept under; a program, whose version is kept beside them, has its own."""
UNIT_WORDS = {"account": "account", "api_key": "API key", "organisation": "organisation"}
_US = 1_000_000


def parameter_name(name: str) -> str:
    """What a parameter is called; one that is not known goes by its own name."""
    return tr(NAMES[name]) if name in NAMES else name.replace("_", " ")


def parameter_value(name: str, value: Any) -> str:
    """The value of a parameter as people write it."""
    if isinstance(value, bool):
        return tr("yes")
    if isinstance(value, list | tuple):
        return ", ".join(parameter_value(name, each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {parameter_value(name, each)}" for key, each in value.items())
    if name == "rephrased_within_us":
        return tr("{n} s", n=int(value) // _US)
    if name == "unit":
        return tr(UNIT_WORDS.get(str(value), str(value)))
    return translated(value) if isinstance(value, str) else str(value)

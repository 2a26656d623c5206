"""ITEMS -> FINDINGS: results with their controls, their error rate and their innocent explanations."""

"""Nouns as the sticker captions have them: one with its article, and more than one.

The grammar that writes the captions and the rewriter that turns prompts into them share it.
"""

from __future__ import annotations

_NOUN_ENDS = ("of", "with", "in")


def article(noun: str) -> str:
    """`noun` with its indefinite article, if it takes one: "an owl", "a unicorn", "headphones"."""
    if plural(noun) == noun:
        return noun
    return f"an {noun}" if noun[0] in "aeiou" and not noun.startswith("uni") else f"a {noun}"


def plural(noun: str) -> str:
    """More than one of `noun`: "boxes", "slices of pizza", "faces with sunglasses"."""
    head, rest = _head(noun), noun[len(_head(noun)) :]
    if head.endswith(("s", "x", "sh", "ch")):
        return noun if head.endswith("s") and not head.endswith(("us", "ss")) else f"{head}es{rest}"
    if head.endswith("y") and head[-2] not in "aeiou":
        return f"{head[:-1]}ies{rest}"
    return f"{head}s{rest}"


def _head(noun: str) -> str:
    """The part of a noun before "of", "with" or "in"."""
    words = noun.split()
    ends = [words.index(word) for word in _NOUN_ENDS if word in words]
    return " ".join(words[: min(ends, default=len(words))])

"""Tools on one sentence for the harmful edits: masks, replacements, numbers in words. Used by unseen_*.py."""

import re
from collections.abc import Iterator

ONES = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# An example inside a rule may be changed without making the rule wrong.
_EXAMPLE = re.compile(
    r"^(Write (percentages|dates|times) |Put the currency|Spell out (one|an)|Do: |Quotations )|for example|such as"
)
_PARTIAL_QUOTE = re.compile(r'"[^"]*"|“[^”]*”|[\w.+]+@[\w.]+|\S+\.(?:zip|svg|jpg|mp4|example)\b|File: \S+')
_LOWERED = re.compile(r"^(Do not|You need not|Preferably do not) ([A-Z])(?=[a-z])")


def is_statement(sentence: str) -> bool:
    """False for questions, page headers and scraps: a change there contradicts nothing."""
    return "?" not in sentence and len(sentence.split()) >= 3 and "· page" not in sentence


def holds_example(sentence: str) -> bool:
    """True when a figure or date in it may be an illustration only."""
    return _EXAMPLE.search(sentence) is not None


def is_protected(sentence: str, start: int) -> bool:
    """True inside a quotation that is a part of the sentence, an address or a file's name."""
    return any(
        hit.start() <= start < hit.end() and len(hit.group()) < len(sentence) - 2
        for hit in _PARTIAL_QUOTE.finditer(sentence)
    )


def replace_each(sentence: str, pattern: str, replacement: str) -> Iterator[str]:
    """The sentence with one occurrence replaced, once for each occurrence that may be changed."""
    for hit in re.finditer(pattern, sentence):
        if not is_protected(sentence, hit.start()):
            yield repair_start(sentence[: hit.start()] + hit.expand(replacement) + sentence[hit.end() :])


def repair_start(text: str) -> str:
    """Lower case after a new beginning, a capital at a new one."""
    text = _LOWERED.sub(lambda hit: f"{hit[1]} {hit[2].lower()}", text.strip())
    return text[:1].upper() + text[1:]


def spell_number(number: int) -> str:
    """English words for 0–999: 134 is `one hundred and thirty-four`."""
    if number < len(ONES):
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    rest = f" and {spell_number(number % 100)}" if number % 100 else ""
    return f"{ONES[number // 100]} hundred{rest}"


def read_word(word: str) -> int | None:
    """The number that a single word from two to nineteen or a round ten means."""
    low = word.lower()
    if low in ONES[2:]:
        return ONES.index(low)
    return TENS.index(low) * 10 if low in TENS[2:] else None

"""Words between quotation marks: whole, and from one sentence. Pure."""

import re
from collections.abc import Iterator, Sequence

from bot.answer.normalise import normalise_text

LONG_RUN = 4
"""So many words in a row are a sentence's own, not a turn of speech."""
JOINTS = frozenset(
    [
        ",",
        ";",
        ":",
        ".",
        "-",
        "and",
        "or",
        "but",
        "while",
        "which",
        "whereas",
        "because",
        "with",
        "where",
        "und",
        "aber",
        "et",
        "mais",
        "y",
        "pero",
    ]
)
_QUOTED = re.compile(r"\"([^\"]+)\"|(?<!\w)'([^']+(?:'\w[^']*)*)'(?!\w)")
_TERM = re.compile(
    r"(\b(?:not|never|instead of|rather than|nicht|nie|statt|pas|jamais|nunca|no)\s+(?:\w+\s+)?)?\"([^\"]+?)[.,]?\""
)
_LISTED = re.compile(r"(?:,| )*(?:(?:or|and|nor|oder|und|noch|ou|et|ni|o|y) )?")
_WORD = re.compile(r"[^\W_]+(?:['.&+-][^\W_]+)*|[,;:.!?()-]")
_PLAIN_MARKS = str.maketrans("", "", "\"'")


def is_quote_exact(quote: str, cited: Sequence[str]) -> bool:
    """True when the quote, if there is one, stands letter for letter in a cited sentence (after normalising)."""
    wanted = normalise_text(quote).strip("\"'… ")
    return not wanted or any(wanted in normalise_text(sentence) for sentence in cited)


def are_quotations_exact(claim: str, cited: Sequence[str]) -> bool:
    """True when each stretch between quotation marks stands in one sentence, nothing left out."""
    stored = [_bare(sentence) for sentence in cited]
    return all(any(_bare(one) in sentence for sentence in stored) for one in list_quotations(claim))


def list_quotations(text: str) -> Iterator[str]:
    """What stands between quotation marks, without the stop that may have been put before the closing one."""
    for double, single in _QUOTED.findall(normalise_text(text)):
        quoted = (double or single).strip().rstrip(".,;:!?")
        if quoted:
            yield quoted


def are_terms_denied_alike(claim: str, cited: Sequence[str]) -> bool:
    """False when two terms have changed places: `write "b", not "a"` where the sentence has it the other way."""
    own, stored = _list_terms(claim), [term for one in cited for term in _list_terms(one)]
    both = {term for term, _ in own} & {term for term, _ in stored}
    changed = {is_denied for term, is_denied in own if term in both and (term, is_denied) not in stored}
    return len(changed) < len((True, False))


def _list_terms(text: str) -> list[tuple[str, bool]]:
    terms: list[tuple[str, bool]] = []
    plain, end = normalise_text(text), 0
    for match in _TERM.finditer(plain):
        # "Never "a", "b" or "c"": what is said of the first holds for all.
        goes_on = bool(terms) and terms[-1][1] and bool(_LISTED.fullmatch(plain[end : match.start()]))
        terms.append((match[2], bool(match[1]) or goes_on))
        end = match.end()
    return terms


def is_stitched(claim: str, cited: Sequence[str]) -> bool:
    """True when a long run of one sentence goes on, without a word between, as a long run of another place."""
    words = _split(claim)
    pieces = [_split(sentence) for sentence in cited]
    start = 0
    last_end, last_piece = -1, -1
    while start < len(words):
        runs = [_run(words[start:], piece) for piece in pieces]
        length = max(runs, default=0)
        if length < LONG_RUN:
            start += 1
            continue
        if start == last_end and runs[last_piece] < LONG_RUN and words[start] not in JOINTS:
            return True
        last_piece = runs.index(length)
        start = last_end = start + length
    return False


def find_longest_run(text: str, sentence: str) -> int:
    """Words that both have in a row, at most."""
    words, piece = _split(text), _split(sentence)
    return max((_run(words[start:], piece) for start in range(len(words))), default=0)


def _run(words: Sequence[str], piece: Sequence[str]) -> int:
    """How many of the words, from the first on, stand in a row somewhere in `piece`."""
    longest = 0
    for place in range(len(piece)):
        length = 0
        while length < min(len(words), len(piece) - place) and words[length] == piece[place + length]:
            length += 1
        longest = max(longest, length)
    return longest


def _split(text: str) -> list[str]:
    return _WORD.findall(normalise_text(text))


def _bare(text: str) -> str:
    return " ".join(normalise_text(text).translate(_PLAIN_MARKS).split())

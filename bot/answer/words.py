"""The words of a text that carry meaning, crudely stemmed. Pure; used by the evidence gate and by passages mode."""

import re
import unicodedata

_WORD = re.compile(r"#[0-9a-f]{3,8}\b|[a-z0-9]+(?:['.&+-][a-z0-9]+)*", re.IGNORECASE)
# Words that ask, join or fill. What a question is about is never among them.
_STOP_WORDS = frozenset(
    ["a", "about", "according", "actually", "after", "ain", "all", "already", "also", "always", "am", "an", "and", "any", "anybody", "anyone", "anything", "anywhere", "approved", "are", "aren", "as", "ask", "at", "away", "back", "battlecard", "be", "because", "been", "before", "being", "better", "big", "both", "but", "by", "call", "called", "can", "cannot", "claim", "come", "comes", "could", "couldn", "current", "currently", "did", "didn", "different", "do", "does", "doesn", "doing", "don", "done", "each", "easily", "else", "etc", "ever", "every", "everything", "exactly", "find", "fine", "for", "from", "get", "give", "given", "go", "good", "got", "guide", "guideline", "guidelines", "had", "happen", "happens", "happy", "has", "hasn", "have", "haven", "having", "he", "hello", "help", "her", "here", "hey", "hi", "him", "his", "how", "i", "if", "in", "instead", "into", "is", "isn", "it", "its", "just", "keep", "kind", "know", "last", "later", "leave", "less", "let", "lets", "like", "likes", "little", "ll", "lol", "look", "looking", "made", "make", "makes", "making", "many", "may", "maybe", "me", "mean", "means", "might", "mine", "moment", "more", "most", "much", "must", "my", "need", "needs", "never", "new", "next", "nice", "no", "not", "now", "of", "off", "official", "often", "ok", "okay", "on", "once", "one", "only", "onto", "or", "our", "ours", "out", "over", "own", "per", "please", "pls", "plz", "possible", "put", "quick", "quickly", "quite", "rather", "re", "really", "right", "said", "same", "say", "saying", "says", "see", "seeing", "seem", "shall", "she", "should", "shouldn", "show", "since", "so", "some", "somebody", "someone", "something", "soon", "sort", "still", "stuff", "such", "sure", "take", "talk", "talking", "tell", "than", "thank", "thanks", "that", "the", "their", "theirs", "them", "then", "there", "these", "they", "thing", "things", "think", "this", "those", "thought", "to", "together", "too", "toward", "towards", "try", "under", "until", "up", "upon", "us", "use", "used", "using", "usual", "usually", "ve", "versus", "very", "via", "vs", "want", "was", "wasn", "way", "we", "well", "were", "weren", "what", "whats", "when", "where", "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "within", "without", "won", "work", "works", "would", "wouldn", "write", "yes", "you", "your", "yours"]
)
_CONTRACTION = re.compile(r"(?:'s|'re|'ve|'ll|'m|'d|n't)$")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_SUFFIXES = (
    "ations",
    "ation",
    "ities",
    "ings",
    "ness",
    "ing",
    "ies",
    "ied",
    "ity",
    "ers",
    "ed",
    "er",
    "es",
    "ly",
    "s",
    "y",
    "e",
)


# Words of marketing people that mean the same; each group is read as its first word.
_SAME_MEANING = tuple(
    group.split()
    for group in (
        "price cost costs fee fees priced pricing pay",
        "maximum max longest limit most",
        "minimum min smallest least lowest",
        "photo photos picture pictures image images",
        "font fonts typeface typefaces",
        "color colour colors colours recolor recolour",
        "space spaces spacing room whitespace clearance",
        "website site web websites sites",
        "availability uptime",
        "television tv",
        "advertisement ad ads advert advertising",
        "abbreviate abbreviation abbreviated shorten short shortened",
        "weakness weaknesses weak limitation limitations",
        "strength strengths strong advantage advantages",
        "staff employee employees headcount",
        "save saved saves saving savings",
        "percent % percentage per-cent",
        "quote quotes quotation testimonial said",
        "date dates day days",
        "sentence one-liner one-line 1-line liner",
        "hex hexcode rgb",
        "licence license licences licenses",
        "email e-mail emails e-mails",
        "cta ctas call-to-action",
        "usa us american america",
    )
)
_MEANING_OF = {word: group[0] for group in _SAME_MEANING for word in group}


def list_content_words(text: str) -> tuple[str, ...]:
    """Stems of the meaning words in order of appearance, each once."""
    words = (_MEANING_OF.get(word, word) for word in split_words(text) if word not in _STOP_WORDS)
    stems = (stem_word(word) for word in words)
    return tuple(dict.fromkeys(stems))


def split_words(text: str) -> tuple[str, ...]:
    """Lower-case words; a hyphenated word also gives its parts, so that `sign-up` meets `sign up`."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").lower()
    words: list[str] = []
    for word in _WORD.findall(folded):
        bare = _ORDINAL.sub(r"\1", _CONTRACTION.sub("", word))
        words.append(bare)
        words.extend(part for part in re.split(r"['.&+-]", bare) if len(part) > 1 and part != bare)
    return tuple(words)


def stem_word(word: str) -> str:
    """Cut one common English ending while at least three letters stay; words with digits are kept whole."""
    if any(character.isdigit() for character in word):
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)].rstrip("i") or word
    return word

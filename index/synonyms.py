"""Words that brand teams use for the same thing, so that a question finds a rule in other words.

Used by index/keyword_vectors.py.
"""

import re
from collections.abc import Mapping

# General words of writing, design and marketing; nothing of any one company. A line is one idea.
GROUPS = """
abbreviate, abbreviation, abbreviated, acronym, initials, shorten, shortened, shortening
e.g., i.e., etc., latin, latinisms, abbreviations
logo, logotype, wordmark, emblem
slogan, tagline, strapline, motto
colour, color, palette, hex, pantone
font, typeface, typography
photo, picture, image, imagery, photography, screenshot
capitalise, capitalize, capitalisation, capitalization, capitals, uppercase, lowercase, title case, sentence case
price, pricing, cost, fee
customer, client
staff, employee, colleague
testimonial, quote, quotation
cta, call to action, button
rival, competitor, competition
forbid, forbidden, ban, banned, prohibit, prohibited, avoid
joke, funny, humour, humor, wit, witty
swear, profanity, curse, slang
italics, bold, emphasis
hyphen, dash, em dash, en dash
oxford comma, serial comma
emoji, emoticon, smiley
spell, spelling, spelled, name, naming, write
pronoun, gender, inclusive
headline, heading, header, title
tone, voice
discount, rebate, special offer
launch, release, announcement
deadline, end date, expiry, expires
sign off, approve, approval, clearance
trademark, registered, copyright
disclaimer, small print, fine print, legal line
boilerplate, about us, company description
jargon, buzzword, buzzwords
numeral, number, digit, figure
press, media, journalist
white space, clear space, padding, margin
"""


def _read_groups() -> Mapping[str, frozenset[str]]:
    lines = [frozenset(word.strip() for word in line.split(",")) for line in GROUPS.strip().splitlines()]
    words = {word for line in lines for word in line}
    return {word: frozenset().union(*(line for line in lines if word in line)) - {word} for word in words}


_OTHERS = _read_groups()
_WORD = re.compile(
    r"(?<!\w)(" + "|".join(re.escape(one) for one in sorted(_OTHERS, key=len, reverse=True)) + r")s?(?!\w)"
)


def find_synonyms(text: str) -> tuple[str, ...]:
    """Other words for what the text names, sorted; without those that it holds already."""
    named = {match.group(1) for match in _WORD.finditer(text.lower())}
    return tuple(sorted({other for word in named for other in _OTHERS[word]} - named))

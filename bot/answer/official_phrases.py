"""Phrases by which people ask: what is asked for, what is small talk. Patterns only; read by official_reading.py."""

import re

# What people say around a question; its words say nothing about what is asked.
SMALL_TALK = re.compile(
    r"\b(?:(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody|u)(?: please)?"
    r"(?: (?:tell|remind|help|show|explain|confirm|share|clarify|point)(?: to)?(?: me| us)?)?"
    r"|(?:do|does) (?:you|we|anyone|anybody|someone) (?:happen to )?(?:know|remember|recall)"
    r"|(?:i(?:'m| am)? ?)?\b(?:do not|don't|dont|can't|cant|cannot|could not|couldn't) "
    r"(?:know|remember|recall|find|see|figure out|work out)"
    r"|(?:i'm |i am )?not (?:sure|certain)|no (?:idea|clue)"
    r"|i (?:need|want|would like|'d like) to (?:know|check|confirm)"
    r"|(?:if|when|whenever) (?:someone|somebody|anyone|a prospect|prospects|a customer|customers|they|people) "
    r"(?:mentions?|brings? up|asks? (?:me |us )?about|raises?|compares? us (?:to|with))|comes? up"
    r"|(?:if|when|whenever) (?:a |the )?(?:prospects?|customers?|people) "
    r"(?:is|are) (?:also )?(?:looking at|considering)"
    r"|(?:(?:the|our|an?) )?\w+(?: at (?:the|an?) \w+)? (?:is asking|are asking|asks|asked|wants to know)(?: me| us)?"
    r"|(?:i|we) keep \w+ing|or not\b(?=\W*$)|who we are|(?:today|tonight|tomorrow)(?:'s)?"
    r"|(?:can|could|may) (?:i|we) (?:get|have|see)|is there (?:an?|any) (?:\w+ )?(?:way|wording|line|version|name)"
    r"|if (?:possible|i may|you can)|is it true that|yes or no|when it comes to"
    r"|(?:i(?:'m| am)? )?(?:writing|preparing|making|building|drafting|proofreading|working on|putting together) "
    r"(?:a|an|the|my|some) (?:\w+ ){0,2}\w+ ?(?:and\b|[,:;.–-])"
    r"|(?:for|in|on|into|during) (?:my|our) (?:\w+ )?"
    r"(?:decks?|slides?|presentation|proposal|pitch|call|meeting|talk|e-?mail|rfp|tender|report|notes))(?!\w)"
)
# Where the words will stand, said in passing; "the newsletter" or "LinkedIn" would be a medium that is meant.
DESTINATION = re.compile(
    r"\b(?:for|in|on|into|to) an? (?:\w+ )?"
    r"(?:deck|slide|presentation|brochure|leaflet|flyer|poster|(?:web ?|landing )?page|e-?mail|blog post|article"
    r"|report|proposal|letter|bio|advert|newsletter|press release)\b(?: (?:for|to) (?:an? )?(?:customer|prospect)s?)?",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"\?|^\W*(?:what|which|who|how|when|where|why|is|are|do|does|can|may|could|should|must|would)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=\w)")
# "Vorsquill's own positioning" and "what does Vorsquill say" make the rival speak.
RIVAL_ACTS = (
    r"\b(?:does|do|did|will|has|can) {name}\b"
    r"|\b{name}'s (?:own|position|stance|claim|statement|messag|argument)"
)
# Who is to act: "may we", "do customers".
AGENT = re.compile(
    r"\b(?:may|can|could|must|should|do|does|did|will|would) (?:the |our )?(\w+)\b"
    r"(?! (?:get|receive|pay|have|see|need)\b)"
)
# Which things there are: "which customers have", not "which customer quotes".
THING = re.compile(r"\b(?:which|what) (\w+) (?:is|are|do|does|did|may|can|must|should|have|has|will)\b")
PART = re.compile(r"\b(?:how (?:much|many) of|(?<!as )(?:part|share|portion|rest|remainder) of|remaining)\b")
DEFINITION = re.compile(r"^what(?:'s| is| are) (?:an? )?[a-z-]+(?: \d+)?\W*$")
PAST_OR_STOCK = re.compile(r"\bdid (?:we|you|they|i)\b|\bdo (?:we|you|they) have\W*$")
OPPOSING = frozenset({"against", "versus", "vs", "over"})
# "Isn't it allowed …?" asks the same as "Is it allowed …?"
RHETORICAL = re.compile(
    r"(?:^|[,;:.?!–-] ?|\bwhy )(?:is|are|do|does|did|can|could|should|has|have|was|were|would|must)n't\b"
    r"(?= (?:i|we|it|you|they|there|the|our|that|this)\b)"
)
# Spelled otherwise, the same thing.
REWRITES = (
    (re.compile(r"\b(call)-(to)-(action)", re.IGNORECASE), r"\1 \2 \3"),
    (re.compile(r"\bscreen[ -](?:shot|grab|capture|cap)(s?)\b", re.IGNORECASE), r"screenshot\1"),
    (re.compile(r"\biso ?/ ?iec\b", re.IGNORECASE), "ISO"),
    (re.compile(r"\b(iso|soc)-?(?=\d)", re.IGNORECASE), r"\1 "),
    (re.compile(r"[\"'“‘]!+[\"'”’]|(?<=\ba )!|(?<=\ban )!"), "exclamation mark"),
    (re.compile(r"\bexclamation (?:point|sign)(s?)\b", re.IGNORECASE), r"exclamation mark\1"),
    (
        re.compile(r"\b(?:does|would) anything (?:stop|prevent|keep)s? (?:us|me)\b(?: from)?", re.IGNORECASE),
        "may we",
    ),
    (re.compile(r"\ba no-go\b", re.IGNORECASE), "allowed"),
    (re.compile(r"\b(?:a|any) rules? against\b", re.IGNORECASE), "a rule on"),
)
ASKS = {
    "why": r"\bwhy\b|\bhow come\b|\b(?:reason|reasons|rationale) (?:for|behind|that|why)\b|\bwhat for\b",
    "who": r"\bwho(?:m|se|'s|s)?\b|\b(?:which|what) (?:person|team|department|role)\b|\bname of the (?:person|author)\b"
    r"|\b(?:audience|target|targeted|targets|target group|aimed at)\b",
    "where": r"\bwhere(?:'s|s)?\b|\bwhich (?:cities|city|country|countries|office|data cent(?:re|er)s?|place)\b"
    r"|\blocations?\b",
    "how to": r"\bhow (?:do|can|could|should|would|must) (?:i|we|you|one|people|somebody|someone)\b|\bhow to\b"
    r"|\bhow does \w+ing\b|\b(?:process|procedure|steps|instructions)\b"
    r"|\bwho (?:do|should|can|must) (?:i|we) (?:contact|ask|talk to|turn to|go to|write to|speak to|see)\b",
    "how": r"\bhow (?:does|did|is|are|was|were)\b",
    "how often": r"\bhow (?:often|frequently|regularly|many times)\b|\bfrequency\b|\binterval\b",
    "how long": r"\bhow (?:long|many (?:\w+ )?(?:days|weeks|months|years|hours)|much time|quickly|fast|soon)\b"
    r"|\b(?:duration|period|term|length|window|time ?frame|lead time|deadline|due|cut-?off|until when|by when)\b",
    "when": r"\bwhen(?='s| (?:is|are|do|does|did|will|was|were|can|could|may|must|should|has|have|am)\b|\W*$)"
    r"|\b(?:what|which) (?:date|day|time)\b|\b(?:deadline|due|cut-?off|(?:start|end|launch|due|last) date|date of)\b",
    "how much": r"\bhow (?:much|many|big|large|wide|high|small|tall|expensive)\b",
}
ASKS_PATTERNS = {name: re.compile(pattern) for name, pattern in ASKS.items()}
# Asks for the things themselves where the official question asks for their number.
WHICH = re.compile(r"\b(?:which|list of|names of)\b(?! (?:number|limit|maximum))")
PREDECESSOR = re.compile(r"\b(?:before|formerly|previous(?:ly)?|former|used to be)\b")
PERMISSION = re.compile(
    r"\b(?:may|can|could|allowed|permitted|ok(?:ay)? to|fine to|acceptable|permissible) ?(?:i|we|one|it|to|in)?\b"
)
DUTY = re.compile(
    r"\b(?:must|have to|has to|need to|needs to|required|mandatory|obligatory|obliged|compulsory|necessary|requires?"
    r"|(?:do|does) (?:i|we|you|one|anyone|somebody) need)\b"
)


COUNTED = re.compile(r"\b(?:how many|number of) ((?:[a-z-]+ ?){1,3})")
_UNITS_OF = """
day days week weeks month months hour hours minute minutes year years percent per pixels px points mm cm
euros dollars working business paid calendar times
"""
UNITS = frozenset(_UNITS_OF.split())
YES_OR_NO = re.compile(
    r"(?:hi|hey|hello|ok|so|and|please|quick question)?[ ,:]*"
    r"(?:is|are|do|does|did|can|could|may|must|should|has|have|was|were|will|would)\b"
)
OPEN = re.compile(r"\b(?:what|which|who|whose|whom|how|why)\b")
_AFTER_COUNTED = "in on of at for to with do does did is are can have has we"
ENDS_COUNTED = frozenset(_AFTER_COUNTED.split())
NO_NAMES = frozenset({"i", "i'm", "i'd", "i've", "i'll", "ok", "hi", "hey"})

"""Phrases by which people ask: what is asked for, what is small talk. Patterns only; read by official_reading.py."""

import re

# What people say around a question; its words say nothing about what is asked.
SMALL_TALK = re.compile(
    r"\b(?:(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody|u)(?: please)?"
    r"(?: (?:tell|remind|help|show|explain|confirm|share|clarify|point)(?: to)?(?: me| us)?)?"
    r"|(?:do|does) (?:you|anyone|anybody|someone) (?:happen to )?(?:know|remember|recall)"
    r"|i(?:'m| am)? ?(?:do not|don't|dont|can't|cant|cannot|could not|couldn't) "
    r"(?:know|remember|recall|find|see|figure out|work out)"
    r"|(?:i'm |i am )?not (?:sure|certain)|no (?:idea|clue)"
    r"|i (?:need|want|would like|'d like) to (?:know|check|confirm)"
    r"|(?:if|when|whenever) (?:someone|somebody|anyone|a prospect|prospects|a customer|customers|they|people) "
    r"(?:mentions?|brings? up|asks? (?:me |us )?about|raises?|compares? us (?:to|with))|comes? up"
    r"|if (?:possible|i may|you can)|is it true that|yes or no|when it comes to"
    r"|i(?:'m| am)? (?:writing|preparing|making|building|drafting|working on|putting together) "
    r"(?:a|an|the|my|some) (?:\w+ ){0,2}\w+ ?(?:and\b|[,:;.–-])"
    r"|(?:for|in|on|into|during) my (?:\w+ )?"
    r"(?:decks?|slides?|presentation|proposal|pitch|call|meeting|talk|e-?mail|rfp|tender|report|notes))(?!\w)"
)
# "Isn't it allowed …?" asks the same as "Is it allowed …?"
RHETORICAL = re.compile(
    r"(?:^|[,;:.?!–-] ?|\bwhy )(?:is|are|do|does|did|can|could|should|has|have|was|were|would|must)n't\b"
    r"(?= (?:i|we|it|you|they|there|the|our|that|this)\b)"
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
    "how often": r"\bhow (?:often|frequently|regularly|many times)\b|\bfrequency\b|\binterval\b",
    "how long": r"\bhow (?:long|many (?:\w+ )?(?:days|weeks|months|years|hours)|much time|quickly|fast|soon)\b"
    r"|\b(?:duration|period|term|length|window|time ?frame|lead time|deadline|due|cut-?off|until when|by when)\b",
    "when": r"\bwhen(?='s| (?:is|are|do|does|did|will|was|were|can|could|may|must|should|has|have|am)\b|\W*$)"
    r"|\b(?:what|which) (?:date|day|time)\b|\b(?:deadline|due|cut-?off|(?:start|end|launch|due|last) date|date of)\b",
    "how much": r"\bhow (?:much|many|big|large|wide|high|small|tall|expensive)\b",
}
ASKS_PATTERNS = {name: re.compile(pattern) for name, pattern in ASKS.items()}
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

"""Forms of follow-ups as patterns: wishes, joining words, bare asks. Data; used by bot/answer/follow_up*.py."""

import re

from bot.answer.follow_up_words import Wish

FOUND_ONES = re.compile(
    r"\b(?:quote|quotes|testimonial|customer|example|figure|number|zitat)\b", re.IGNORECASE
)
_POLITE = (
    r"(?:please|pls|ok|okay|thanks|cool|great|hm+|and|but|now|just|can you|could you|would you|"
    r"can i (?:have|get|see)|"
    r"give me|make (?:it|that|this)|i need|i want|a bit|much|even|a|an|the|bitte|und|noch|etwas|et|un peu|"
    r"s'il te plaît|"
    r"s'il vous plaît|y|un poco|por favor|say it|put it|version|one|is there|do (?:you|we) have|"
    r"have you got|got|any|answer|then|for me|it|that|this|your)"
)
_IN_SHORT = (
    r"shorter|short|brief|briefer|briefly|tl;?dr|summary|summari[sz]e|sum (?:it|that|this) up|condense|"
    r"too long|"
    r"(?:in|as) (?:one|a|two|a single) (?:sentence|line|word|phrase)s?|in (?:short|brief|a nutshell)|"
    r"one[ -](?:sentence|liner|line)|kürzer|kurz|kurzfassung|in einem satz|zusammenfassung|plus court|"
    r"en une phrase|"
    r"en bref|résumé|más corto|más breve|en una frase|resumen|en resumen"
)
_AT_LENGTH = (
    r"more|longer|(?:any |some )?(?:more |further )?(?:details?|information|info|context)|in (?:more |"
    r"full )?detail|"
    r"more detailed|elaborate|expand|go on|continue|tell me more|say more|"
    r"(?:tell me )?more (?:about|on) (?:it|that|this)|explain (?:it|that|this)|"
    r"mehr|mehr dazu|mehr details|ausführlicher|genauer|länger|plus de détails|plus long|détails|más|"
    r"más detalles|"
    r"más largo"
)
_SAID = r"(?:that|this|it|so|these|those)"
_FROM_WHERE = (
    r"sources?|links?|proof|evidence|references?|citations?|quelle|quellen|fuentes?|says who|"
    r"which (?:document|source|page)|"
    rf"(?:who|where) (?:said|says|wrote|states?) {_SAID}|what(?:'s| is| are) (?:the|your) (?:source|sources|"
    rf"proof|evidence)(?: (?:for|of|behind) {_SAID})?|"
    rf"where(?:'s| is| are| did| does| do) (?:you )?{_SAID}(?: (?:come|coming|taken|written|stated|"
    rf"documented))?(?: from)?|"
    rf"where (?:does|did) (?:it|the \w+|they) say {_SAID}|where (?:did|do) you (?:get|have|"
    rf"find) {_SAID}(?: from)?|"
    rf"(?:according to|by) whom|how do you know(?: {_SAID})?|really|are you sure(?: about {_SAID})?|"
    rf"where can i (?:read|find|see|check) {_SAID}|"
    rf"which (?:document|page) (?:says|is|has) {_SAID}(?: (?:in|from|on))?|with (?:the )?sources?|"
    r"show (?:me )?(?:the|your) (?:sources?|documents?|proof|evidence)|"
    r"(?:show|tell) me where (?:that|this|it)(?:'s| is| was)? (?:written|from|stated|said|documented)|"
    r"wo steht das|woher (?:kommt|ist|hast du|weißt du|wissen wir|stammt) das|"
    r"wer (?:hat )?(?:sagt )?das(?: gesagt)?|d'où (?:ça|cela) vient|"
    r"qui a dit (?:ça|cela)|où est-ce écrit|quién (?:lo dijo|dijo eso)|de dónde (?:sale|viene) eso|"
    r"dónde lo dice"
)


COUNTED = re.compile(
    r"\b(?:one|two|three|1|2|3|single|few) (?:short )?(?:sentence|line|word)s?\b", re.IGNORECASE
)
AND_MORE = re.compile(r"\b(?:tell|say|know|hear|give)\b.*\bmore\b", re.IGNORECASE)


def _alone(forms: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_POLITE}[ ,]+)*(?:{forms})(?:[ ,]+{_POLITE})*")


WISHES: tuple[tuple[Wish, re.Pattern[str]], ...] = (
    ("source", _alone(_FROM_WHERE)),
    ("shorter", _alone(_IN_SHORT)),
    ("longer", _alone(_AT_LENGTH)),
)
WISHES_AT_END: tuple[tuple[Wish, re.Pattern[str]], ...] = (
    (
        "shorter",
        re.compile(
            r"[,;:]? (?:but |and )?(?:shorter|briefly|in (?:one|a) sentence|in short|"
            r"in einem satz)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "longer",
        re.compile(r"[,;:]? (?:but |and )?(?:in (?:more )?detail|with (?:more )?details)\W*$", re.IGNORECASE),
    ),
    ("source", re.compile(r"[,;:]? (?:but |and )?with (?:the |your )?sources?\W*$", re.IGNORECASE)),
)

CONNECTOR = re.compile(
    r"(?:(?:ok|okay|thanks|thank you|cool|great|hm+|right|so|sorry|no|yes|actually|well)\b[,.! ]*)*"
    r"(?:(?:and |but |und |et )?(?:what|how) about|what of|(?:does |is )?(?:the |it )?same (?:question |"
    r"thing )?(?=for|in|on|with|at)|"
    r"(?:und )?was ist mit|(?:und )?wie (?:ist|sieht) es (?:aus )?(?=mit|für|in|bei)|gilt das auch(?= )|"
    r"qu'en est-il de|"
    r"(?:et|y) (?:qué|que) (?:hay )?de|qué tal|(?:no[, ]+)?(?:i|we) meant?|even (?=in|for|on|with|at)|"
    r"(?:and|but|also|plus|or|und|aber|auch|et|y)\b)"
    r"[, ]*(?:also |then |auch |aussi |now |the same )*",
    re.IGNORECASE,
)
BARE_ASK = re.compile(
    r"(?:why(?: not|(?:'s| is) that)?|how is that|why so \w+|how(?: so| come)?|when|where|who|whom|what|"
    r"until when|till when|since when|from when|by when|"
    r"how (?:long|often|much|many|big|far|soon)|for how long|by whom|for whom|in which \w+|which (?:ones?|"
    r"countries|markets|regions)|"
    r"warum(?: nicht)?|wieso|bis wann|seit wann|ab wann|wie (?:lange|oft|viel)|wann|wo|wer|"
    r"pourquoi(?: pas)?|jusqu'à quand|depuis quand|combien|quand|où|por qué(?: no)?|hasta cuándo|"
    r"desde cuándo|cuándo|dónde)"
    r"(?: (?:exactly|then|please|too|again|genau|bitte))*",
    re.IGNORECASE,
)
MORE_OF_IT = re.compile(
    r"(?:(?:do (?:we|you)|have (?:we|you)|is there|are there|got)\b(?: have| got)? ?)?"
    r"(?:another|any ?other|any others|other|others|anything else|something else|anyone else|who else|"
    r"what else|"
    r"a (?:newer|different|better|second|more recent)|(?:any|something|anything) (?:newer|different|"
    r"more recent)|"
    r"noch ein\w*|un autre|une autre|otro|otra)\b.{0,40}",
    re.IGNORECASE,
)
NO_IT = re.compile(
    r"\b(?i:is|isn't|was|would|should) it (?:be )?(?:(?i:ok)|okay|all right|fine|allowed|possible|permitted|"
    r"true|right|correct|better|"
    r"good|acceptable|legal|safe|worth|necessary|alright|bad|wrong)?(?:\b.*\bor\b| (?:to|that|if|for|"
    r"when) \w+\W+\w+)|"
    r"\b(?:call|calling|name) it [‘'\"“]?[A-Z]|\bcall(?:ed)? it when\b|\bis it called when\b|"
    r"\bit comes to\b|\bit (?:\w+ )?(?:takes?|took) to \w+ \w+|\bmatter if\b"
)
SUBJECT = re.compile(
    r"\b(?:did|does|has|was|will)\s+(?P<name>(?!the\b|our\b|we\b|i\b|it\b|you\b|a\b)[\w'’ -]+?)\s+"
    r"(?:take|took|go|get|save|saved|cut|have|had|need|end|start|run|use|say|said|cost|mean|offer|want|do|"
    r"spend|win|"
    r"gain|reduce|grow|see|report|choose|switch|move|expire|launch)\b",
    re.IGNORECASE,
)
ACT = re.compile(
    r"^(?P<ask>(?:\w+\s+)?(?:can|may|could|should|must|do|does|shall)\s+(?:i|we|you|one|\w+s)\s+(?:still\s+|"
    r"also\s+)?)"
    r"(?P<act>[\w-]+\s+)(?P<thing>(?:the|our|a|an|my|this)\s.+?)(?P<rest>\s+(?:in|on|for|at|with|to|by|if|"
    r"when)\b.*)?$",
    re.IGNORECASE,
)
ANOTHER_ACT = re.compile(r"(?P<act>[\w-]+) (?:it|them|that)(?P<rest>\b.*)", re.IGNORECASE)
ANYTHING = re.compile(
    r"(?:(?:do|have) (?:we|you)(?: have| got)? |is there |got |have )?(?:anything|something|any|some|one|"
    r"ones) (?=\w+ )",
    re.IGNORECASE,
)
THE_ONE = re.compile(r"(?:the|that|those)? ?ones? (?=\w)", re.IGNORECASE)
OTHER_KIND = re.compile(r"(?:an?|the) (?P<kind>[\w-]+) ones?", re.IGNORECASE)
COUNTED_THINGS = re.compile(
    r"^(?P<lead>(?:how many|how much|which|what)\s+)(?P<head>\w+s)(?=\s+(?:are|can|may|do|does|did|have|"
    r"were|should|must)\b)",
    re.IGNORECASE,
)
INSTEAD = re.compile(r"\b(?:instead|stattdessen|à la place|en su lugar)\b", re.IGNORECASE)
QUOTED = re.compile(r"(?<!\w)[\"“„«‘'](.+?)[\"”“»’'](?!\w)")
WORD = re.compile(r"[\w#][\w'’&.+%-]*[\w%]|[\w#]")

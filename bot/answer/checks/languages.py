"""Which of the languages that the checks can read a text is in. Pure; used by bot/answer/claim_checks.py."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.answer.checks.english import ENGLISH
from bot.answer.checks.french import FRENCH
from bot.answer.checks.german import GERMAN
from bot.answer.checks.language import Language
from bot.answer.checks.spanish import SPANISH

LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH)
OTHER = "other"
"""A language without tables."""

# Words that are frequent in a language; what several share weighs less.
_MARKERS = """
en: the of and to a an in is are be for on with as at by from it its this that these those or not no do don't does
en: must should may can will would has have was were our your we you they them their when if which who what how
en: only never always all any each than then use used keep write avoid before after without into but into more most
en: sans code per doesn't isn't aren't can't mustn't won't it's you're we're twice one two within us my more less
de: der die das den dem des ein eine einen einem einer und oder nicht kein keine keinen ist sind wird werden wurde mit
de: für auf von vom zum zur im am bei nach aus über unter wir sie ihr unser unsere auch nur wenn dass als wie durch
de: darf dürfen muss müssen soll sollen sollte sollten kann können immer nie ohne bis ab es sich zu an um mindestens
de: höchstens alle jede jeder jedes sein hat haben sofern außer statt steht gilt was in vor weder noch laut sagt
de: nutzen nutzt verwenden verwendet braucht brauchen gehören dauert zulässig wurden diese dieser dieses so
fr: le la les du de un une et ou est sont ne pas que qui dans sur pour par avec sans au aux ce cette ces se nous des
fr: vous il elle ils on notre nos votre vos doit doivent peut peuvent être plus jamais toujours tous toutes chaque
fr: uniquement seulement sauf si qu en à y moins même aucun aucune ni mais où leur son sa ses faut a dure durent dit
fr: utiliser utilisez devrait devraient lors selon après entre jusqu
es: el la los las de del un una unos unas y o es son no que en con sin para por al se su sus lo como más nunca siempre
es: debe deben debería deberían puede pueden solo sólo cada todos todas este esta estos estas nuestro nuestra si a e
es: está están hasta desde sobre entre pero hay ser también ningún ninguna salvo excepto usted muy únicamente cuando
es: ha han dos tres lleva ciento más ni usamos usar utilice dice según necesita
nl: de het een en van is zijn niet geen op te voor met aan door in ook maar wij we ons onze moet moeten mag mogen kan
nl: kunnen altijd nooit zonder wordt worden alleen deze dit die dat bij naar als uit om tot nog elke alle minimaal of
it: il lo la i gli le di del della dei delle dello e è sono non che per con un una uno nel nella in da dal al alla
it: deve devono può possono sempre mai senza solo ogni tutti tutte questo questa nostro nostra si ma anche come più o
it: essere ha hanno fino se sul sulla su a l d dell all nell
pt: o a as os de do da dos das e é são não que em no na nos nas um uma com sem para por pelo pela ao se deve devem
pt: pode podem sempre nunca só apenas cada todos todas este esta nosso nossa mais mas também ser ou como até seu sua
pt: à às entre sobre
sv: och att det som är inte en ett på av för med den till får ska måste kan alltid aldrig utan om eller vi vår våra
sv: från bara alla varje denna detta skall bör endast ej i har minst högst används under
da: og at det som er ikke en et på av af for med den til få får skal må kan altid aldri aldrig uten uden om eller vi
da: vores vår fra bare kun alle hver denne dette bør i har minst højst høyst brukes bruges under
pl: i w na z do nie jest są się że to dla od po przez oraz lub ale musi muszą może mogą zawsze nigdy bez tylko każdy
pl: wszystkie nasz nasze należy można o jak co ze być
tr: ve bir bu için ile de da değil olarak daha en çok her ya veya gibi kadar sonra önce olan olmalı gerekir yalnızca
tr: asla tüm ancak şu biz bizim logosu edilmelidir kullanın kullanılmaz
ca: els i amb dels als és són aquest aquesta nostre només sempre mai cal pot poden s'ha tots totes
ro: și este sunt din pentru care mai trebuie poate fără doar toate nu
cs: v na je že pro nebo není jsou musí může vždy nikdy pouze být nesmí každý
fi: ja ei että tai ovat vain aina mutta kun joka tämä myös voi pitää saa kuin jos
hu: az és nem van egy hogy csak mindig soha vagy kell lehet ezt minden nélkül
"""
_ENDINGS = ("ing", "ed", "ly", "ness", "less", "ful", "ship", "ght", "ck", "th", "wn", "sh")
_LETTERS = """
de: ä ö ü ß
fr: è ê ç é à û î œ ô
es: ñ á é í ó ú ¿ ¡
it: à è ì ò ù
pt: ã õ ç á é í ó ê â
sv: å ä ö
da: å ø æ
pl: ł ą ę ś ż ó ć
tr: ğ ş ı ö ü ç
ca: ç à è ò í
ro: ț ș ă î â ş
cs: ř ů ě š č ž ý á é í
fi: ä ö
hu: ő ű ö ü á é í ó
"""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ADDRESS = re.compile(r"\S*(?:[/@_]|\w\.\w|\d)\S*|<[^>]*>")
_ELIDED = re.compile(r"\b([ldnscjmt]|qu|jusqu)['’](?=\w)", re.IGNORECASE)
_FOREIGN = re.compile(r"[^\W\d_A-Za-zªºÀ-ɏḀ-ỿ]")

LEAD = 0.25
"""So much more than the next language makes a clear lead; 1 is a word that no other language has."""
ENOUGH = 0.5
"""A lower score tells nothing."""
WEAK = 0.3
"""What a word of meaning or a letter tells, where a small word tells 1."""
FEWEST_WORDS = 6
"""So many words in lower case, none of them known, are a sentence in a language of which nothing is known."""
MOST_READ = 4000
"""Characters of a text that are looked at."""


def find_language(texts: Sequence[str]) -> Language | None:
    """The language of the claim (the first text), which all others must share. None: no tables for it.

    Names, codes and rows that tell nothing go with the others, and with English when none tells anything.
    """
    told = [code for code in map(tell_language, texts) if code]
    if len(set(told)) > 1 or OTHER in told:
        return None
    code = told[0] if told else ENGLISH.code
    return next(one for one in LANGUAGES if one.code == code)


@lru_cache(maxsize=4096)
def tell_language(text: str) -> str:
    """The code of the language; OTHER for one without tables; nothing when the text does not tell."""
    read = text[:MOST_READ]
    if not read.isascii() and len(_FOREIGN.findall(read)) * 2 > sum(map(str.isalpha, read)):
        return OTHER
    words = _WORD.findall(_ELIDED.sub(r"\1 ", _ADDRESS.sub(" ", read)))
    scores = _count(words)
    is_sentence = "·" not in text and sum(map(str.islower, words)) >= FEWEST_WORDS
    best = max(scores.values(), default=0.0)
    if best < ENOUGH:
        return OTHER if is_sentence and scores.get(ENGLISH.code, 0.0) < max(best, WEAK) else ""
    first = [code for code, score in scores.items() if score > best - LEAD]
    if len(first) == 1:
        return first[0] if first[0] in _CODES else OTHER
    return "" if ENGLISH.code in first or not is_sentence else OTHER


def _count(words: Sequence[str]) -> Mapping[str, float]:
    scores: dict[str, float] = defaultdict(float)
    for word in words:
        plain = word.lower()
        share = 0.15 if len(plain) == 1 else 1
        for code, weight in _WORDS.get(plain, _ENGLISH if plain.endswith(_ENDINGS) else ()):
            scores[code] += weight * share
        if not plain.isascii():
            for code, weight in (one for sign in plain for one in _SIGNS.get(sign, ())):
                scores[code] += weight
    return scores


def _read_homes(text: str) -> dict[str, set[str]]:
    homes: dict[str, set[str]] = defaultdict(set)
    for line in text.strip().splitlines():
        code, _, words = line.partition(":")
        for word in words.split():
            homes[word].add(code)
    return homes


def _weigh(homes: Mapping[str, set[str]], weight: float) -> dict[str, tuple[tuple[str, float], ...]]:
    return {word: tuple((code, weight / len(codes)) for code in codes) for word, codes in homes.items()}


def _weigh_words() -> Mapping[str, tuple[tuple[str, float], ...]]:
    small, others = _read_homes(_MARKERS), _read_homes("")
    for word in ENGLISH.small_words:
        small[word].add(ENGLISH.code)
    for language in LANGUAGES:
        for word in (*language.small_words, *language.same, *language.months.split()):
            others[word].add(language.code)
    return _weigh(others, WEAK) | _weigh(small, 1)


_CODES = frozenset(one.code for one in LANGUAGES)
_ENGLISH = ((ENGLISH.code, WEAK),)
_WORDS = _weigh_words()
_SIGNS = _weigh(_read_homes(_LETTERS), WEAK)

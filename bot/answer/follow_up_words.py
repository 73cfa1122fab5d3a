"""Word lists of follow-ups: English, some German, French and Spanish. Data; used by bot/answer/follow_up*.py."""

from typing import Literal

Wish = Literal["answer", "shorter", "longer", "source"]


def split_list(words: str) -> frozenset[str]:
    """The words between spaces."""
    return frozenset(words.split())


# What may be exchanged for one another. A phrase of two words is written with an underscore.
SORTS: dict[str, frozenset[str]] = {
    "time": split_list(
        "january february march april may june july august september october november december "
        "jan feb mar apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday "
        "sunday q1 q2 q3 q4 h1 h2 today tomorrow yesterday week month quarter year spring summer autumn winter "
        "christmas easter januar februar märz mai juni juli oktober dezember janvier février mars avril juin "
        "juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto"
    ),
    "place": split_list(
        "germany german france french spain spanish italy italian austria austrian switzerland swiss poland "
        "netherlands dutch belgium sweden norway denmark finland ireland portugal uk britain british england "
        "scotland us usa america american canada mexico brazil japan china india australia asia africa europe "
        "european eu emea apac dach nordics benelux latam deutschland österreich schweiz frankreich spanien "
        "italien allemagne espagne italie autriche suisse europa alemania francia españa italia london berlin "
        "paris madrid global worldwide abroad overseas north_america latin_america united_kingdom united_states"
    ),
    "industry": split_list(
        "healthcare health hospitals pharma finance financial banking banks insurance insurers retail retailers "
        "manufacturing manufacturers logistics education energy utilities government automotive construction "
        "hospitality telecom telecoms nonprofits charities agriculture aerospace food media public_sector "
        "life_sciences financial_services gesundheitswesen finanzwesen handel industrie santé salud finanzas"
    ),
    "role": split_list(
        "cfo cfos cio cios ceo ceos cmo cto ctos coo ciso cpo procurement buyers buyer it hr legal partners partner "
        "resellers reseller customers customer prospects analysts investors journalists press employees students "
        "universities agencies agency freelancers contractors developers executives managers sales startups smes "
        "kunden händler clients clientes socios"
    ),
    "medium": split_list(
        "print online screen web website digital email emails e-mail e-mails newsletter newsletters slides slide "
        "presentation presentations deck decks social linkedin instagram facebook tiktok youtube tv television "
        "radio podcast podcasts video videos banner banners ad ads advert adverts brochure brochures flyer flyers "
        "poster posters billboard billboards sms webinar webinars blog blogs merchandise packaging signage events "
        "headings headlines captions footers buttons invoices press_release press_releases social_post "
        "social_posts social_media sales_documents präsentationen drucksachen plakate "
        "broschüren impresión présentations presentaciones"
    ),
    "colour": split_list(
        "teal amber blue red green yellow orange purple pink black white grey gray navy gold silver chalk "
        "turquoise violet brown beige coral"
    ),
    "format": split_list("png svg pdf jpg jpeg eps docx pptx gif webp mp4 word powerpoint"),
    "language": split_list("english englisch deutsch französisch spanisch anglais allemand inglés alemán"),
}
PAGE_ENDS = split_list("page pages homepage landing-page microsite seite page_d'accueil página")
PLAN_ENDS = split_list(
    "plan plans tier tiers edition editions package packages licence license subscription tarif"
)
# Of these the unlike ones may still stand in for a word of no known sort: "for finance?", "and for foundries?"
AUDIENCES = frozenset({"industry", "role", "place", "medium", "language"})

PREPOSITION_CLASSES: tuple[frozenset[str], ...] = (
    split_list("against vs vs. versus gegen contre contra"),
    split_list("for für pour para"),
    split_list("about on regarding concerning über sur sobre zu"),
    split_list("in en dans im auf"),
    split_list("with mit avec con"),
    split_list("as als comme como"),
    split_list("from von de"),
    split_list(
        "at to by until till before after since during without under over than between through within"
    ),
)
PREPOSITIONS = frozenset().union(*PREPOSITION_CLASSES)

ASK_WORDS = split_list(
    "what what's whats which who who's whom whose when where where's why how how's wer was wie wo wann warum welche "
    "welcher welches wieso quel quelle quels quelles qui quand où comment pourquoi qué cuál cuáles quién cuándo "
    "dónde cómo"
)
HELPERS = split_list(
    "is are was were do does did can could may might must should shall will would has have had isn't aren't don't "
    "doesn't can't darf dürfen kann können ist sind gibt gilt hat haben muss sollen peut peut-on pouvons est sont "
    "faut-il puede podemos es son hay tiene"
)
ORDERS = split_list(
    "find show give tell need got list explain describe write check compare send want looking point link go"
)
WE = split_list(
    "i we you our my us your ours wir ich unser unsere unseren nous notre nos nuestro nuestra nuestros"
)
GERMAN = split_list("der die das ist sind wir für gegen wie welche welcher und ein eine nehmen uns darf ich")

# Asked alone they ask about what was just said.
ATTRIBUTES = split_list(
    "budget deadline owner owns owned price cost length size minimum maximum width height hex headline start starts "
    "end ends ended date dates author speaker title role status launch duration expiry expires "
    "expire goal target job "
    "person permission valid audience name contact wording limit exceptions exception reason "
    "condition conditions difference"
)
PERSONS = split_list("he she him her his hers he's she's")
THOSE = split_list("that this these those that's ça cela das eso esto")
POSSESSIVES = split_list("its his their her hers")
NO_THINGS = split_list(
    "year month quarter week time moment morning afternoon day days season summer autumn winter spring way jahr monat"
)

# A text of only these and of small words wishes the same answer in another way.
WISH_WORDS: tuple[tuple[Wish, frozenset[str]], ...] = (
    (
        "source",
        split_list(
            "source sources document documents proof evidence reference references citation quelle quellen "
            "fuente fuentes origin"
        ),
    ),
    (
        "shorter",
        split_list(
            "shorter short shorten summarise summarize summary brief briefly briefer condense concise tldr "
            "tl;dr simplify trim kürzer kurz zusammenfassen court bref résumer breve corto resumir"
        ),
    ),
    (
        "longer",
        split_list(
            "longer detail details detailed elaborate deeper depth expand ausführlicher genauer länger détails "
            "detalles"
        ),
    ),
)
WISH_FILLERS = split_list(
    "too long bit down version answer text two three one sentence sentences line lines words geht "
    "das es bitte kannst "
    "du mir noch etwas ein bisschen mach ist die der le la el un du il vous plaît por favor es cuál sum up "
    "go into "
    "full further"
)
VERSIONS = split_list(
    "version versions translation translations alternative alternatives variant variants wording template"
)

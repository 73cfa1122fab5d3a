"""Word lists of bot/answer/words.py: small words, and words that mean the same. Data only."""

_SMALL = """
a about according actually after ain all already also always am an and any anybody anyone anything anywhere
approved are aren as ask at away back battlecard be because been before being better big both but by call
called can cannot claim come comes could couldn current currently did didn different do does doesn doing don
done each easily else etc ever every everything exactly find fine for from get give given go good got guide
guideline guidelines had happen happens happy has hasn have haven having he hello help her here hey hi him
his how i if in instead into is isn it its just keep kind know last later leave less let lets like likes
little ll lol look looking made make makes making many may maybe me mean means might mine moment more most
much must my need needs never new next nice no not now of off official often ok okay on once one only onto
or our ours out over own per please pls plz possible put quick quickly quite rather re really right said
same say saying says see seeing seem shall she should shouldn show since so some somebody someone something
soon sort still stuff such sure take talk talking tell than thank thanks that the their theirs them then
there these they thing things think this those thought to together too toward towards try under until up
upon us use used using usual usually ve versus very via vs want was wasn way we well were weren what whats
when where whether which while who whom whose why will with within without won work works would wouldn write
yes you your yours
"""
# Words that ask, join or fill. What a question is about is never among them.
SMALL_WORDS = frozenset(_SMALL.split())

# Words of marketing people that mean the same; each line is read as its first word.
_SAME = """
price cost costs fee fees priced pricing pay
maximum max longest limit most
minimum min smallest least lowest
photo photos picture pictures image images
font fonts typeface typefaces
color colour colors colours recolor recolour
space spaces spacing room whitespace clearance
website site web websites sites
availability uptime
television tv
advertisement ad ads advert advertising
abbreviate abbreviation abbreviated shorten short shortened
weakness weaknesses weak limitation limitations disadvantage disadvantages drawback drawbacks downside downsides cons
strength strengths strong advantage advantages pros
competitor competitors rival rivals
customer customers client clients
begin begins began begun start starts started
hold holds held holding
send sends sent sending
write writes wrote written writing
buy buys bought buying
sell sells sold selling
lose loses lost losing
win wins won winning
build builds built building
lead leads led leading
choose chooses chose chosen choosing choice
run runs ran running
grow grows grew grown growing growth
speak speaks spoke spoken speaking
bring brings brought bringing
meet meets met
become becomes became becoming
draw draws drew drawn drawing
drive drives drove driven driving
teach teaches taught teaching
staff employee employees headcount
save saved saves saving savings
percent % percentage per-cent
quote quotes quotation testimonial said
date dates day days
sentence one-liner one-line 1-line liner
hex hexcode rgb
licence license licences licenses
email e-mail emails e-mails
cta ctas call-to-action
usa us american america
"""
MEANING_OF = {word: line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}

# Written out before words are split, so that both ways of writing meet. No group inside a pattern may capture.
SPELLED_OUT = (
    (r"\bcalls? to action\b", "cta"),
    (r"(?-i:\bU\.?S\.?(?:A\.?)?)(?!\w)|\bunited states\b", "usa"),
    (r"€", " euro "),
    (r"%", " percent "),
    (r"\b(?:no|not) more than\b|\bat most\b|\bup to\b|\bor (?:less|fewer|under)\b", "maximum"),
    (r"\b(?:no|not) less than\b|\bat least\b|\bor (?:more|larger|above)\b", "minimum"),
    (r"\bhow (?:long|fast|often|soon|big|quickly|quick|high|large)\b", "how"),
    (r"\bcfos?\b", "chief financial officer"),
    (r"\bceos?\b", "chief executive officer"),
    (r"\bctos?\b", "chief technology officer"),
    (r"\bcios?\b", "chief information officer"),
    (r"\bcoos?\b", "chief operating officer"),
    (r"\bcmos?\b", "chief marketing officer"),
    (r"\bhr\b", "human resources"),
)

_FRAME = """
amount answer chance claim claimed company describe detail example exact fit format info information length line
list maximum minimum name names number percentage phrase policy prospect question quotation quote quotes rule rules
sentence share size speaker term testimonial title version word wording words
"""
# Words that say what kind of thing is asked for rather than about what: an answer seldom repeats them.
FRAME_WORDS = frozenset(_FRAME.split())

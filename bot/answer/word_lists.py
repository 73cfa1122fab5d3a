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
weakness weaknesses weak limitation limitations
strength strengths strong advantage advantages
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

"""English, as the checks read it. Data only."""

from bot.answer.checks.english_more import MORE
from bot.answer.checks.english_same import SAME
from bot.answer.checks.language import Language

ENGLISH = Language(
    code="en",
    operator_lines="""
skip: whenever possible, whenever you can, where possible, wherever possible, if possible
skip: when writing, when referring to, when talking about, when describing, when communicating, when using
skip: when it comes to, when creating, when naming, when speaking, when mentioning, when possible
skip: no matter, do not forget, not forget, never forget, do not hesitate, not hesitate, never fail to
skip: more often than not, not to mention, not least, why not, if not, not to worry, no problem, no wonder
skip: all sorts, all kinds, first of all, all about, all the same, of all sizes
skip: as small as possible, as short as possible, as soon as possible, as early as possible
skip: as much as possible
skip: as close as possible, as simple as possible, as often as possible, as clear as possible
skip: as few as possible
skip: as far as possible, if any, or not, each other, one another, are all, is all, were all, no price
skip: no cost, see if, check if, ask if, know if, as if, even if, all caps, all capitals, all #, than ever
skip: ever before, been before, sometimes called, at no charge, at no cost, no charge, free of charge
skip: no extra cost, not only, not just, whether or not, not necessarily only, no doubt, in may, by may
skip: after that, after this, before that, before this
skip: until may, since may, may #, the need, a need, the needs, spread over, meets needs
from: not before @, no earlier than, not earlier than, at the earliest
until: no later than, not later than, up to and including, through @, until, till, valid to
ends: ends, ended, expire*, expiry, last day, closes, deadline
over: or greater than #, or more than #, or larger than #, or higher than #
atleast: no less than, not less than, no fewer than, not fewer than, no smaller than, not smaller than
atleast: no shorter than, not below, never below, at least, minimum, min, or more, or above, or higher
atleast: or larger, or longer, or bigger, or better, or wider, or taller, or anything bigger, upwards
atleast: or greater, upwards of, and up, and above
atleast: or up, and larger, starting at #, starts at #, as a minimum, at or above, not fewer, not under
atleast: and greater, and over, and higher
atleast: and more, at a minimum, as few as, as little as
by: by @
least: smallest, shortest, lowest
atmost: stay within #, stay under #, stay below #, keep under #, keep below #, keep within #, kept under #
atmost: no more than, not more than, no larger than, not larger than, never more than, no longer than #
atmost: not longer than #, not exceed*, never exceed*, does not exceed, do not exceed, no higher than
atmost: at most, at the most, maximum, max, up to #, up to, or less, or fewer, or smaller, or shorter
atmost: tops out at, at or below, not past, not over, as a maximum, ceiling of, not beyond
atmost: at the very most, or below, or under
atmost: as many as, as much as, limit of, upper limit, the limit, limit is, cap, ceiling
limited: limited to, restricted to, capped, confined to
unneeded: if you like, if you wish, if you want to, if they like, if they wish, if they want to, if desired
unneeded: nobody is required, no one is required, nobody has to
unneeded: no one has to, nobody needs, need not, not need to, not needed, not have to, not necessary
unneeded: no … is needed, no … are needed, no … is required, no … are required, no … is necessary
unneeded: nothing to, not required to, not required, not mandatory, no need to, no need, without having to, optional*
discouraged: recommend against, recommends against, recommended against, advise against, advises against
discouraged: advised against, advise not, recommend not, better not
discouraged: should not, should never, ought not, not recommended, not advisable, better not, not ideal
discouraged: avoid*, refrain*, discourag*, steer clear, stay away
without: in lieu of, as opposed to, without, instead of, rather than, in place of
never: never, in no case, under no circumstances, at no time
not: no longer, not, no, none, nobody, no one, nothing, nowhere, neither, nor, forbid*, prohibit*, ban, bans
not: banned, disallow*, off limits, off-limits, reject, rejects, rejected, turned down, ruled out
not: is wrong, are wrong, is incorrect, are incorrect
lacking: lack, lacks, lacking, fail to, fails to, failed to, unable, impossible, refuse*
lacking: exclude, excludes, excluded
lacking: leave out, leaves out, left out, leaving out, omit, omits, omitted, omitting, free of, free from
lacking: leave … out, leaves … out, leaving … out
must: must, have to, has to, had to, having to, required, require, requires, need to, needs to, needed to
must: needs, shall, mandatory, obligatory, obliged, compulsory, necessary
should: should, ought, recommended, recommend, recommends, advise, advises, advised, ideally, preferred
should: preferably, prefer, prefers, aim to, aim for, try to, suggested
can: has allowed, have allowed, had allowed, allowed us, allowed them, allowed me, allowed him, allowed her
can: allowed the … to, allowed our … to, allowed its … to, allowed their … to, allowed users
can: allowed customers
can: can, could, able to, lets, let, allow, allows, allowing, enable, enables, enabling
may: may, might, allowed, is permitted, are permitted, be permitted, permitted to, permissible, free to
may: feel free, discretion, option to, possible, acceptable, okay, ok, fine, welcome to, permit, permits
may: possibly, perhaps, maybe, good to
replacing: down from, up from, unlike, replaced by, replaced with, replaces them, replaces it, swapped for
replacing: substituted by
replacing: in its place, in their place, takes its place
only: just once, just #, only, solely, exclusively, nothing but, reserve, reserves, reserved for, sole
only: no other, nothing else, none but, no one but, nobody but, not until, not before
only: exclusive to, merely
except: except, exception, exceptions, excepting, excluding, apart from, aside from, other than, but not
except: everywhere but, everything but, everyone but, with the exception of, save for, not including
except: all but, unless
if: if, provided that, provided, as long as, so long as, on condition, conditional on, in case, subject to
if: assuming
when: when, whenever, once the, once a, once an, once you, once your, once it, once they, once we, once all
most: most of, most, the majority, majority, mostly, largely, more than half
some: not all, not every, not always, not everyone, not everything, some, certain, a few, few, a handful
some: partly, partially, in part, sometimes, occasionally, at times
some: in some cases, now and then, from time to time, once in a while
many: many, numerous, a lot of, lots of, plenty of, often, frequently
usually: nearly always, almost always, nearly all, almost all, nearly every, almost every
usually: as your default, as the default, usually, typically, in most cases, most often, on average
usually: normally, generally, as a rule
usually: commonly, ordinarily, most of the time, by and large, as a rule of thumb, generally speaking
usually: the default, by default, in general, mainly, primarily, tends to, tend to, chiefly
rarely: rarely, seldom, hardly, scarcely
about: in the region of, more or less, on the order of, or so, ca, about #, around #, approximately
about: roughly, some #, circa, an estimated
near: virtually, nearly, almost, close to #, just under
over: more than #, over #, above #, exceed*, greater than, larger than, higher than, longer than, beyond #
under: less than, under #, below #, fewer than, smaller than, lower than, shorter than
any: every day, every week, every month, every quarter, every year, any, each, per, whatever, anyone, anybody, whoever
range: to #, - #
all: all, every, everyone, everything, everybody, always, entire, whole, wherever, in every case
all: in all cases, without exception, everywhere, anywhere
both: both
would: would
before: before, beforehand, prior to, ahead, earlier than, in advance
after: after, later than
starts: goes live, go live, live on, starts, started, starting, begins, began, beginning, opens, first day
asof: as of
from: from @, since @, onwards, valid from
upfrom: from #
""",
    breaks="such but while whereas although though because so unless if when whenever where however instead "
    "then without except yet rather until before after since",
    joins="and or nor plus including",
    auxiliaries="is are was were am must should shall may can could might will would do does did has "
    "have had needs need they we you he she which",
    pointers="it they them these those this that he she such",
    small="""
a about according actually again ago all along already also although always am among an and any anybody anyone
anything approved approximately are around as at away back be because been before being below between
anything both but by
can cannot case cases come comes could current currently did do does doing done down due during each either
else end etc even ever every everything exactly for from further given gives go goes going had has have
else having he
her here hers him his how however i if in including instead into is it its itself just keep kind less
her like made
make makes making many may me means might more most much must my need needed needs neither never no none
make nor not
nothing now of off often on once one ones only onto or other others our out over overall own per please
put rather really right said same say says see several shall she should since so some someone something sort
specific still stated such take takes taken than that the their theirs them themselves then there
specific therefore these
they thing things this those through to together too toward towards under until unless up upon us use
they used uses
using usually very via was way ways we well were what when where whether which while who whom whose why will
with within without would yes yet you your yours currently states stating says according guide
guideline guidelines approach official refer refers specify specified specifies set sets apply
applies applied treat treated stay stays remain remains keep keeps kept call called known name named
applies written write
writes appear appears show shows shown give given happen happens follow follows following correct correctly
wrong e.g i.e e g i called include includes
including included contain contains containing consist consists serve serves bring brings have
offer offers offered provide provides provided available let lets become becomes get gets got work works
working help helps someone around
""",
    same_lines=SAME + MORE,
    orders="use write say put choose add keep make give show call name ask start begin check send set pick link "
    "include leave mention spell state tell prefer replace place",
    openers="in on at with for from by since during under according as after before within when if to through",
    months="january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sept sep oct nov dec",
    rival_lines="""
allow allowed / forbid forbidden prohibit prohibited
allow allowed / banned unacceptable reject rejected
permit permitted acceptable / forbid forbidden prohibit prohibited
permit permitted acceptable / banned unacceptable reject rejected
approve approved / reject rejected unapproved retired draft
increase increased rise rose grew / decrease decreased reduce reduced fall fell
increase increased rise rose grew / drop dropped lower cut shrink loss
grow raise raised higher gain / decrease decreased reduce reduced fall fell
grow raise raised higher gain / drop dropped lower cut shrink loss
before / after
above / below beneath
left / right / centre center middle
top upper / bottom lower
first / last second third final
latest newest / earliest oldest
sooner earlier / later
median average mean / longest maximum / shortest minimum / fastest quickest / slowest
start starts begin begins open opens / end ends finish close closes stop stops
internal internally / external externally
public publicly / private privately confidential secret
light lighter bright / dark darker
enable enabled / disable disabled
accept accepts accepted / decline declined refuse refused
more greater / less fewer
larger bigger large big / smaller small tiny
longer long / shorter short
faster fast quick quicker quickly / slower slow slowly
always / never sometimes rarely
all every / none some
free gratis / paid payable charged
old older former previous / new newer
early earlier / late later
maximum most longest largest highest / minimum least shortest smallest lowest
horizontal horizontally / vertical vertically
inside within / outside
positive / negative
required mandatory must / optional voluntary
singular / plural
formal / informal casual
active / passive inactive
uppercase capital capitals capitalise / lowercase
uppercase capital capitals capitalise / lower-case
capitalize capitalised capitalized capitalises capitalizes / lowercase
capitalize capitalised capitalized capitalises capitalizes / lower-case
bold / italic italics regular
serif / sans
monday / tuesday / wednesday / thursday / friday / saturday / sunday
spring / summer / autumn fall / winter
daily / weekly / monthly / quarterly / yearly annually annual
north northern / south southern / east eastern / west western
red / blue / green / yellow / orange / purple / black / white / grey gray / teal / amber / pink / brown
png / jpg jpeg / svg / pdf / gif / eps / webp / docx / pptx / xlsx
print printed / digital online / web
email / phone telephone call / chat / post letter
customers customer / partners partner / employees staff / suppliers / competitors competitor / prospects prospect
enterprise / education / startup startups / government
marketing / legal / sales / finance / engineering / product / support
win wins won / lose loses lost
support supports / oppose opposes
agree agrees / disagree disagrees
easy easily simple easier easiest simpler / hard difficult complex harder hardest
cheap cheaper cheapest / expensive dearer costly
same / different
like / unlike
everyone everybody / nobody
with / without
upload / download
import / export
encrypt encrypted / decrypt decrypted unencrypted plaintext
read / write
income revenue / expense expenses
better best / worse worst
safe secure safer / unsafe insecure
success succeed / failure fail
add added adds / remove removed removes delete deleted
arrive / leave depart
ascending / descending
landscape / portrait
square / round circular
single one / double triple
half / quarter third
domestic national / international global worldwide
regional local / global worldwide
manual manually / automatic automatically
""",
)

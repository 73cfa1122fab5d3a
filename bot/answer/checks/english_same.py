"""English words that mean the same, a line for each meaning. Data only; used by english.py."""

SAME = """
far much greatly considerably significantly substantially
old previous former formerly previously
improve improves improved improving improvement improvements enhance enhances enhanced enhancing refine refined
understand understands understood understanding grasp
ship ships shipped shipping deliver delivers delivered delivery deliveries
permission permissions consent
aim aims goal goals purpose purposes objective objectives target targets
problem problems issue issues trouble difficulty difficulties
solve solves solved resolve resolves resolved fix fixes fixed
combine combines combined combining merge merged together
split splits divide divides divided
mention mentions mentioned cite cites cited refer refers referred
correct right accurate exact precise precisely exactly
wrong incorrect inaccurate false untrue
useful helpful
acceptable ok okay fine
important essential vital crucial critical
usual ordinary common typical
special particular specific
strong robust powerful
new recent recently latest fresh
modern contemporary
wide broad broadly widely
brief concise short shortly
secure safe protected
manage manages managed handle handles handled handling run runs running operate operates operated oversee
manage oversees lead leads leading
join joins joined enter enters entered
visit visits visited
learn learns learned learnt discover discovers discovered find finds found
inform informs informed notify notifies notified alert alerts
remind reminds reminded reminder reminders prompt prompts
track tracks tracked tracking monitor monitors monitored watch watches watched
discuss discusses discussed talk talks talked speak speaks spoke
train trains trained teach teaches taught
award awards awarded prize prizes
protect protects protected guard guards
connect connects connected connecting integrate integrates integrated integration
transfer transfers transferred move moves moved shift shifts
record records recorded log logs logged
sort sorts sorted order ordered rank ranked
fill fills filled complete completes completed
match matches matched fit fits suit suits suited correspond corresponds
differ differs vary varies varied
decide decides decided determine determines determined
expect expects expected anticipate anticipates anticipated
want wants wanted wish wishes wished hope hopes desire
try tries tried attempt attempts attempted
last lasts lasted lasting
happen happens happened occur occurs occurred
cause causes caused lead
result results resulted outcome outcomes
guess guesses guessed estimate estimates estimated
begin commence commences
gather gathers gathered collect collects collected collection
hand hands handed pass passes passed
attend attends attended
believe trust trusts trusted
comprehensive complete full
confusing confuse confuses confused confusion mislead misleading
readable legible
reader readers
writer writers author authors
staff team
rules rule guideline guidelines guidance
method methods process processes procedure way ways
tool tools tooling
area areas field fields
part parts piece pieces
group groups cluster
use using used uses usage utilise utilize apply applied applies applying
begin begins start starts started starting kick launch launches launched launching opens open opened
end ends ended ending finish finishes finished close closes closed expire expires expired expiry conclude
price cost costs fee fees priced pricing charge charges charged
photo photos picture pictures image images photograph photographs imagery photography
font fonts typeface typefaces
colour colours color colors coloured colored shade hue
space spaces spacing room clearance clearspace
website site web websites sites webpage
buy purchase purchased purchases bought buying
customer customers client clients
staff employee employees colleague colleagues
reduce reduces reduced reducing cut cuts cutting decrease decreases decreased lower lowered lowering fell
reduce fall falls drop drops dropped shrink shrank shorten shortened
increase increases increased increasing rise rises rose grow grew grows growth raise raised raises climb
increase climbed higher
big large larger bigger
small smaller little tiny
show shows shown display displays displayed present presented appear appears
say says said state states stated saying tell tells told describe describes described explain explains
say according report reports reported note notes noted
write writes written wrote spell spelled spelt spelling type typed
send sends sent email emailed mail forward forwards forwarded
approve approves approved approval clear cleared sign-off signed authorise authorised authorize
ask asks asked request requests requested
need needs needed require requires required requirement must mandatory
allow allows allowed permit permits permitted may can
avoid avoids avoided refrain never
forbid forbidden prohibit prohibited banned ban disallowed
change changes changed alter alters altered modify modifies modified edit edits edited adjust adjusted
replace replaces replaced swap swapped substitute substituted instead
keep keeps kept retain retains retained maintain maintains maintained leave leaves left preserve stay
store stores stored hold holds held keep save saves saved house housed
delete deletes deleted remove removes removed erase erased
put puts putting place places placed position positioned sit sits
beside next alongside
quick quickly fast faster rapid rapidly speedy
month months monthly
week weeks weekly
day days daily
year years yearly annual annually
hour hours hourly
minute minutes
headline headlines heading headings title titles header headers
text copy wording words word phrase phrases
colleague colleagues teammate
build builds built create creates created make makes made making produce produced
choose chooses chosen select selected selects pick picked opt
ensure ensures make-sure guarantee
main primary principal chief core key
extra additional further more added
whole entire complete full
begin first initial
get gets receive receives received obtain obtains obtained
give gives given provide provides provided supply supplies supplied offer offers offered
test tests tested testing trial
help helps helped support supports supported assist assists
about regarding concerning
live lives located location situated based
contract contracts agreement agreements
company companies business businesses organisation organization firm
person people individual individuals someone
user users
simple simply easy easily plain
capital capitals capitalised capitalized capitalise capitalize uppercase capitalization capitalisation
lowercase lower-case
abbreviation abbreviations abbreviate abbreviated shorten shortened acronym acronyms
percent % percentage per-cent
maximum max most limit longest upper
minimum min least smallest
quote quotes quotation quotations testimonial
button buttons cta ctas call-to-action
link links linked linking url
publish publishes published publication release released releases
plan plans planned
check checks checked verify verified verifies review reviews reviewed
answer answers answered reply replies replied respond response
meet meets met meeting
own owns owned owner owners belong belongs responsible
contact contacts contacted reach
event events
think thinks believe believes
however but
example examples instance sample
always every all each
kind kinds type types sort category
bundle bundled included include includes including comprise comprises contain contains
separate separately separated apart
both two
first initially
rely relies depend depends dependent
save saves saved saving savings
spend spends spent
background backgrounds backdrop
black-and-white monochrome
"""

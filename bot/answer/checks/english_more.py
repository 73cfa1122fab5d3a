"""More English words that mean the same: words of brand and business texts. Data only; used by english.py."""

MORE = """
adopt employ employs
correct accurately
advertise advertisement ad ads advert
aim intend meant
amount sum total
animate animation
appropriate suitable proper fitting properly suitably
arrange arrangement layout
article post blog entry
assign allocate
attach append
audience readership
aware awareness
bad poor weak
forbid bans banning
beautiful attractive
benefit advantage gain
blur blurred
border outline edge frame
break broken
bright vivid
brochure leaflet flyer
building premises
cancel cancelled
care careful
cater serving
chart graph diagram
city town
claim assertion assert
classify classification
client-facing customer-facing
colleague coworker
comment remark
commit committed commitment
usual commonly widespread
compare comparison
compress compresses compression
confidential secret private privately
consistent uniform
convert conversion
convey conveys express expresses communicate communication
text copies duplicate
country nation
crop cropped trim trimmed
damage harm
data information info
default standard
define definition
demo demonstration
department division
destroy destroys
develop development
digit numeral figure
discount reduction
distort distortion stretch skew warp squash
document file paper
draw drawn drew
simple effortless effortlessly straightforward
element component item
embed embeds embedded
emphasis emphasise emphasize stress stresses highlight
engage engagement
enlarge scale resize
equal identical alike
error mistake fault
event gathering
evidence proof prove proven
exceed exceeds
exhibition tradeshow fair
expensive costly pricey
expert specialist
feature function functionality capability
film video footage clip movie
flag flagged
focus focuses concentrate centre
format formatted
form questionnaire
learn founds established
free gratis complimentary
freedom discretion
frequent regular
fund finance
glossary dictionary
good nice
government governmental
guest visitor attendee participant
hire recruit recruitment
hyphen hyphenate
icon pictogram
idea concept notion
identify recognise recognize
illustrate illustration drawing
impact effect affect influence
imply implies suggest hint
improve optimise optimize better
inclusive inclusively
increase boost expand extend
industry sector
introduce introduction presenting
invent fabricate
invest investment
invoice bill
job role
journalist reporter press media
joke humour humor humorous funny
label labelled tag tagged
big huge substantial
law legal lawyer counsel
leader leadership
readable legibility readability
licence licensed
live locations venue
logo logotype mark wordmark emblem
low lowest
material collateral
measure measurement
member membership
mobile phone smartphone cell
old outdated obsolete
opinion view
opportunity chance
option choice alternative
special particularly especially
partner partnership
password passcode
pay paid payment
portrait headshot
possess possesses
programme program
promote promotion promotional
propose proposal
provider supplier vendor
punctuation punctuate
question query
recolour recolor tint
register registered registration enrol enrolled
relate relevant
respect respectful
restrict restriction limits
reveal disclose disclosure
revenue turnover
reverse invert
rotate rotation turn tilt
sale sell sold
example samples
season seasonal
serious seriously
setting configuration
sign-up signup
size dimension
slang colloquial
slide deck
slogan tagline strapline
software application app
source origin
specification spec
speed speeds
statistic stat
step stage phase
stop stopped
story narrative
strategy strategic
subject topic theme
submit submitted submission
subscribe subscription
success successful
summary summarise summarize
survey surveys poll
symbol glyph
staff teams crew
technology tech
term terminology
tone voice
translate translation
transparent transparency
trip travel travelled
underline underscore
unique uniquely
urgent immediate immediately promptly instantly
vehicle van car
version variant
visible visibly visibility
withdraw withdrawn withdrew revoke retract
warn caution
world worldwide global
"""

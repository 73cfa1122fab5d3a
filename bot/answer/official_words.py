"""Words that the matcher of official answers knows to mean the same, to be idle, or to deny. Data only.

Meanings are parted by a slash; `_` joins a phrase. What excludes each other stands in official_groups.py.
"""

SAME = """
price cost costs fee fees priced pricing charge charges how_expensive how_much_does / longest_time
duration length period window timeframe time_frame timespan timeline how_long how_fast how_quickly
how_soon time_to / deadline due due_date cutoff cut_off cut-off latest by_when until_when last_date
last_day time_limit / begin start starts starting started kick_off kicks_off launch launches
launched / implementation implement rollout roll_out rolling_out set_up setup onboarding
up_and_running go-live go_live goes_live going_live customer_live client_live us_live be_live
onboard get_started deployment deploy implemented implementing / typeface font fonts typefaces
lettering / color colour colors colours shade hue hex hex_code hexcode / photo photos picture
pictures image images photography photograph photographs / tagline taglines tag_line slogan slogans
strapline straplines / advertisement ad ads advert adverts advertising advertisements commercial /
webpage web_page website site homepage home_page landing_page / clearspace clear_space white_space
empty_space empty_room breathing_room breathing_space exclusion_zone padding free_space blank_space
clearance how_much_space how_much_room / background backdrop backgrounds / approve approves approver
approvers approved_by approval sign_off signs_off sign-off signed_off signoff sign_offs clear clears
cleared authorise authorize final_ok final_say green_light greenlight okays / permission consent /
quotation quote quotes testimonial testimonials / positioning stance position message messaging
story line pitch counter respond response compare compared comparison versus vs against compete
competes competing battlecard stack_up differ different_from better better_than beat talking_point
talking_points / uptime availability / guarantee guarantees guaranteed promise promises promised
commit commitment sla / discount discounts reduction rebate rebates money_off how_much_off
percent_off percentage_off get_off give_off reduced_price cheaper deal off / refund refunds refunded
money_back money-back reimburse reimbursed reimbursement get_their_money_back / cancellation cancel
cancels cancelled canceled terminate termination end_the_contract / renewal renew renews renewed /
subscription subscriptions sub subs subscribe / store stored storage keep kept live lives host
hosted hosts located location reside resides servers data_centre data_centres data_center
data_centers saved / submit submitting submitted hand_in handing_in hand_over file filing filed
send_in sent_in turn_in / order ordering ordered request requesting requested buy purchase
get_hold_of obtain / change changes changed swap swapped rotate rotated rotation replace replaced
switch switched update updated refresh refreshed / how_often frequency frequently interval
how_many_times how_regularly often / publish publishes publishing published mention mentioning
name_publicly publicly make_public release advertised public / write writes writing written wrote
spell spelled spelling spelt / tone voice tone_of_voice / write format formatted formatting style
styled typed type_out render express display displayed show_up / speak speaks speaking talk talks
talking spokesperson spokespeople spokesman spokeswoman interview interviews enquiries inquiries
comment quoted_by / press media journalist journalists reporter reporters / leave leaves leaving
left quit quits go_away contract_end contract_ends end_of_the_contract end_of_contract churn depart
cancel cancels cancelled / export exports exported download downloads downloaded take_their_data
take_data data_back take_out get_out extract / import upload uploads / describe call calls name_it
refer state / primary main core key principal chief central top lead first-choice comes_first
come_first priority number_one / secondary additional supporting / support supports supported
available come_in offer works_with compatible / answer reply respond response / choose select pick /
check verify validate proof test / contact reach_out get_in_touch call phone / report escalate flag
raise notify inform / share send forward distribute circulate pass_on / show display present / build
create creating creation produce make develop / fix repair correct resolve / end ends ending finish
finishes finished over expire expires expired expiry run_out runs_out close closes / stay remain
last lasts / grow growth increase / cheap inexpensive affordable low-cost / fast quick quickly rapid
speedy soon / big large huge / small little tiny / happen occur take_place takes_place held / owner
owns owned own / lead leads head heads runs run in_charge responsible manages manage / member
members / join joining sign_up signup register registration enrol enroll subscribe / event events /
place venue location / speech talk_slot session / guest guests attendee attendees participant
participants visitors / logo_file logo_files artwork / use using usage used uses reuse post posts
posting posted publish publishes publishing published show shows showing shown display put putting
include run go_out sent_out / description descriptions describe describes described describing
one-liner company_description says_what what_we_do / one-line one_line single-line single_line
one-sentence one_sentence single-sentence single_sentence one-liner in_a_sentence short / screenshot
screenshots screen_image / find locate / document documents file files / policy policies rule rules
regulation regulations / problem issue issues problems trouble / benefit benefits perk perks
advantage advantages / reason reasons why / difference differ distinguish / goal aim objective
purpose / plan roadmap / cover covers covered include includes included contain contains / exclude
excludes excluded / limit cap restriction restrictions ceiling / address_of office offices /
abbreviate abbreviation abbreviated acronym acronyms shorten shortened short_form / capital capitals
capitalise capitalize capitalised capitalized capitalisation uppercase upper_case capital_letters
caps / signature signatures sign_off_line footer / holiday holidays vacation vacations annual_leave
paid_time_off pto / parental maternity_or_paternity become_parents becoming_a_parent become_a_parent
having_a_baby new_baby newborn dad mum parent parents / remote home_office work_from_home
working_from_home wfh homeworking telework from_home / salary salaries wage wages pay paycheck /
boss manager managers supervisor line_manager superior / certificate certificates cert certs
certification certifications certified accreditation / personal_data pii / encrypted encryption
encrypt encrypts cipher / breach breaches incident incidents leak / delete deleted deletion erase
erased removal purge purged / response_time reply_time respond_within answer_within / training
trainings course courses workshop workshops / target audience target_group target_audience aimed_at
aim aimed reach targeting targeted address addresses addressed meant_for intended_for /
call_to_action cta ctas calls_to_action / dimension dimensions size sizes width how_big how_large
how_wide how_small pixels px / boilerplate about_us company_description standard_description
about_text standard_paragraph / word term wording phrase expression / allowed may can permitted
permit permits okay ok_to fine_to acceptable allow allows eligible qualify qualifies suitable usable
postable criteria criterion conditions requirements fair_game good_to_go fine restriction
restrictions free_to let lets / required must mandatory obligatory have_to has_to need_to needs_to
obliged compulsory required_to / email e-mail e-mails emails mail mails / founded founding
established set_up_in incorporated start_the_company / headquarters headquartered hq head_office
main_office based / expense expenses / trip trips travel travels travelling traveling journey
journeys / agreement agreements contract contracts contractual / warranty warranties / supplier
suppliers vendor vendors / turnaround lead_time processing_time delivery_time / spokesman
press_contact / dress_code attire clothing outfit / invoice invoices bill bills billing / payment
payments paid / password passwords passcode / access login log_in sign_in / laptop laptops computer
computers notebook / badge badges keycard / accept accepts accepted take_on / donate donation
donations sponsorship sponsor sponsoring sponsored / gift gifts present_given / competitor
competitors rival rivals / slogan_use trademark_use / misspell typo / exclamation exclamation_mark
exclamation_marks / oxford_comma serial_comma / sentence_case title_case / heading headings headline
headlines title titles / paragraph paragraphs / contraction contractions / jargon buzzword buzzwords
/ gender-neutral inclusive / customers_have number_of_customers customer_count how_many_customers
how_many_clients customer_numbers / number_of_employees headcount how_many_employees
how_many_people_work staff_count / target_market industry industries sector sectors vertical
verticals segment segments / persona personas buyer buyers / objection objections pushback /
weakness weaknesses weak_spot weak_spots shortcoming drawback / strength strengths strong_point /
proof evidence proof_point proof_points / case_study case_studies customer_story customer_stories
success_story success_stories reference references / tracking track tracked monitor monitored /
integrate integrates integration integrations connector connectors connect connects connected
plug_into / backup backups back_up / region regions / embargo embargoed / newsletter newsletters
mailing / valid validity valid_until good_for / pilot pilots trial trials test_phase
proof_of_concept free_trial / demo demos demonstration / resell reseller resellers / hours
opening_hours business_hours support_hours office_hours available_hours / weekend weekends / free
free_of_charge gratis complimentary at_no_cost / accessible accessibility / contrast contrast_ratio
/ alt_text alternative_text image_description / smallest tiny minimum min minimal least / largest
maximum max maximal most
"""

# Said of almost anything: they neither make two questions alike nor keep them apart.
_IDLE = """
allowance level levels service right handles deals achieve achieved achieves sit sits variant kindly mate advice
advise hint wise proper properly rightly correctly generally present actual exact precisely happening
a able about absolutely actual actually after_all again agreed all alright also always am amount an and
another answer answers any anybody anyone anything anyway apparently appear appears applies apply approved
are aren around as asap ask asked asking asks at available away awhile basically be because become been
being bit both brand bring brings btw business but by call called came case certain check cheers claim
claims client clients colleague come comes company confirm contact copy correct could couldn curious
current currently customer customers day days deal describe did didn different display do does doesn doing
don done each either else employee employees entitled entitlement especially etc ever everybody everyone
exact exactly example exist exists expect fact far fellow figure find finding firm first folks follow for
forget forgot forgotten from fwiw fyi gave general generally get gets getting give given gives giving go
goes going gone good got great guess guidance guide guideline guidelines guys had handle handled happen
happens has hasn have haven having he heard hello help helping her here hey hi high him his hiya hmm hold
house how however hows i idea if in info information instead interested into is isn it its just kind knew
know known knows last latest lead leads let lets like likely list little ll lol long look looking looks
lot made make makes making many matter me might mind moment month months more much my
myself n need needed needs new newest nobody normal normally not number o of off offer offered offering
offers official officially often oh ok okay on one ones only or organisation organization other others our
ours ourselves out over own part particular people per percent percentage perhaps person phrase pl place
please pls plz point policy possible ppl precise probably procedure proceed process prospect prospects
provide provided provides put puts question questions quick quickly quite r rather re real really receive
regard regarding regards related remember remind responsibility responsible rule rules said same saw say
saying says see seem seems seen set shall she should shouldn show so some somebody somehow someone
something somewhere soon sorry sort specific specifically staff standard state still stuff such supposed
sure ta take taken takes taking talk talking team team's tell telling term than thank thanks that the
their theirs them themselves then there these they thing things think this those though time times to
together told too total toward towards tried try trying type typical u under until up upon ur us use used
uses using usual usually v value ve very via w want wanted wants was wasn way ways we week weeks well went
were weren what whatever whats when where wheres whether which while who whoever whole whom whos whose why
will wish with within won wonder wondering wont word work worked working works wot would wouldn wouldnt
writing yeah year years yep yes yet you your yours yourself
"""
# The same by meaning: asking, wording, approval, making, amounts, small talk.
_IDLE_BY_MEANING = """
appreciate appreciated apologies asking bother bothering checking double-check glad grateful happy love
memory query reading unsure /
angle blurb brief convention copy form formula formulation language line lines mention mentioning naming
passage phrased phrasing read refer referred referring refers sentence sentences short
statement style subject terminology terms text topic version versions wording wordings /
accepted agreed authorised authorized canonical cleared endorsed fixed house ought preferred
recommended sanctioned signed-off signed_off stance vetted /
captured choose created dating drafting fits goes heard making material materials meet meets pass pick
picking found looked contain preparing putting seeing share send sharing shown taken /
according aside euros figure how_big how_high how_large how_much mean overall set_aside total whole /
about_us apart bit competitive competition excited i.e position finance sound stack stacked stacks stand thing
"""
IDLE_WORDS = frozenset((_IDLE + _IDLE_BY_MEANING.replace("/", " ")).split())

# After the colon: what may stand for the word before it where that is not said itself. It never adds a meaning.
_HINTS = """
approve: ask approval permission / consent: approval permission /
price: amount figure how_much how_much_is pay rate sticker_price sum /
budget: allocate allocated amount earmarked figure fund funding funds money set_aside spend sum /
screenshot: capture captures grab grabs image images picture pictures screen screens /
before: ahead_of earlier older pre predate predates predating until /
call_to_action: button / quote: statement statements comment comments /
name: call called name_it / write: call called name_it /
data_security: secure secured security / certificate: claim standard /
positioning: advantage apart edge line lines say stance statement wording
"""
HINTS = {
    word: tuple(line.split(":")[0].strip() for line in _HINTS.split("/") if word in line.split()[1:])
    for word in _HINTS.split()
    if word != "/" and not word.endswith(":")
}

# What stands beside a name and says what it is: "the Nimbo app", "the Team plan".
_KINDS_OF_NAME = """
app application apps campaign campaigns competitor edition event initiative module package plan plans
platform product products program programme project rival software suite tier tool tools
"""
KINDS_OF_NAME = frozenset(_KINDS_OF_NAME.split())

_NEGATIONS = """
aren't avoid avoids ban banned can't cannot cant disallowed doesn't don't dont except exclude excludes
excluding forbidden isn't mustn't neither never no none nor not nothing off-limits prohibited refuse
shouldn't stop unacceptable unless w/o without won't
"""
NEGATIONS = frozenset(_NEGATIONS.split())

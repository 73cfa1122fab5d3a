"""German, as the checks read it. Data only."""

from bot.answer.checks.language import Language

GERMAN = Language(
    code="de",
    operator_lines="""
skip: wenn möglich, falls möglich, nach möglichkeit, möglichst, so weit möglich, soweit möglich, nicht nur, ob oder nicht, ohne aufpreis, ohne aufschlag, ohne zusatzkosten, gar, überhaupt, alle #, nicht zuletzt, vor allem, vor ort, einander, noch nie dagewesen
until: bis zum @, bis zur @, bis zum #, bis ende, bis einschließlich, bis spätestens, bis @, spätestens, gültig bis, bis
ends: endet, enden, endete, ende, läuft ab, läuft aus, abgelaufen, ablauf, schluss, stichtag, frist, letzter tag
atleast: muss mindestens, müssen mindestens, soll mindestens, sollen mindestens, sollte mindestens, sollten mindestens, nicht weniger als, nicht kleiner als, nicht kürzer als, nicht unter #, nie unter, niemals unter, mindestens, wenigstens, zumindest, minimal, minimum, mindest*, oder mehr, oder größer, oder länger, oder höher, und mehr, und darüber, aufwärts
least: kleinste*, kürzeste*, niedrigste*, geringste*
atmost: darf höchstens, dürfen höchstens, soll höchstens, sollen höchstens, sollte höchstens, sollten höchstens, darf maximal, dürfen maximal, darf nur bis zu, dürfen nur bis zu, nicht mehr als, nie mehr als, niemals mehr als, nicht länger als #, nicht größer als, nicht höher als, nicht über #, nie über #, nicht überschreiten, nicht überschritten, höchstens, maximal, maximum, max, höchst*, obergrenze, bis zu #, bis zu, oder weniger, oder kürzer, oder kleiner, oder darunter, und weniger
limited: beschränkt auf, begrenzt auf, beschränkt, begrenzt, limitiert
unneeded: nicht nötig, nicht notwendig, nicht erforderlich, nicht verpflichtend, nicht zwingend, unnötig, freiwillig, optional, verzichtbar, entfällt, entfallen
discouraged: nicht empfohlen, nicht empfehlenswert, nicht ratsam, vermeide*, vermied*, meide, meiden, möglichst nicht, besser nicht, lieber nicht, abzuraten, raten ab, rät ab, verzichte, verzichten, verzichtet
without: ohne, statt, anstatt, anstelle, stattdessen nicht
never: nie wieder, nie, niemals, keinesfalls, auf keinen fall, unter keinen umständen
not: nicht mehr, noch nicht, nicht, nein, kein, keine, keinen, keinem, keiner, keines, keins, keinerlei, keineswegs, niemand*, nichts, nirgends, nirgendwo, weder, verboten*, verbiet*, verbot, untersagt*, untersag*, tabu, unzulässig*, unerlaubt*, unmöglich*, ausgeschlossen, abgelehnt, lehnen ab, lehnt ab, fehlt, fehlen, unterlassen, unterbleib*, mangelt, scheitert*
must: muss, muß, müssen, müsst, musst, müsse, musste, mussten, hat zu, haben zu, ist zu, sind zu, nötig, notwendig, notwendige*, erforderlich*, erfordert, erfordern, verpflichtend*, verpflichtet, pflicht, zwingend*, obligatorisch*, vorgeschrieben*, braucht, brauchen, brauche, benötigt, benötigen, verlangt, verlangen, bedarf, bedürfen, vorausgesetzt wird, unbedingt, unerlässlich
should: soll, sollen, sollst, sollt, solle, sollte, sollten, solltest, solltet, empfohlen*, empfehlen, empfiehlt, empfehlung, ratsam, idealerweise, bevorzugt*, bevorzugen, vorzugsweise, am besten, lieber
can: kann, können, könnt, kannst, könne, konnte, konnten, könnte, könnten, lässt sich, lassen sich, lasst sich, imstande, in der lage, ermöglicht, ermöglichen, möglich*
may: darf, dürfen, dürft, darfst, dürfe, dürfte, dürften, erlaubt*, erlauben, gestattet*, gestatten, zulässig*, zugelassen*, genehmigt, möge, in ordnung, okay, ok, berechtigt, vielleicht, möglicherweise, eventuell
would: würde, würden, wäre, wären, hätte, hätten
replacing: ersetz*, tausch*, austausch*, ausgetauscht*
only: nur, ausschließlich*, lediglich, einzig, allein, allein für, nichts als, nichts anderes als, exklusiv*, bloß, vorbehalten, erst ab
except: außer, ausgenommen, mit ausnahme*, bis auf, abgesehen von, ausnahme, ausnahmen, es sei denn, sei denn, nicht aber, jedoch nicht, aber nicht, alle bis auf
if: sofern, falls, vorausgesetzt, unter der bedingung, unter der voraussetzung, solange, im falle, im fall, vorbehaltlich, angenommen, nur wenn
when: wenn, sobald, wann, wann immer, jedes mal wenn
most: die meisten, den meisten, der meisten, meiste, meisten, mehrheit, großteil, überwiegend*, größtenteils, zumeist, mehr als die hälfte
some: einige, einigen, einiger, manche, manchen, mancher, manches, wenige, wenigen, ein paar, teilweise, zum teil, teils, manchmal, gelegentlich, bisweilen, ab und zu, hin und wieder, bestimmte, bestimmten, einzelne, einzelnen, vereinzelt
many: viele, vielen, vieler, zahlreiche*, etliche*, oft, häufig, oftmals, mehrfach
usually: in der regel, normalerweise, üblicherweise, gewöhnlich, meist, meistens, im allgemeinen, im durchschnitt, durchschnittlich, im schnitt, grundsätzlich, typischerweise, generell, standardmäßig, hauptsächlich, vorwiegend, in den meisten fällen, für gewöhnlich
rarely: selten, kaum
about: etwa #, rund #, ungefähr, circa, ca, zirka, um die #, an die #, schätzungsweise, annähernd, etwa, ~#
near: fast, beinahe, nahezu, knapp
over: mehr als #, über #, oberhalb, größer als, länger als, höher als, übersteig*, überschreit*, überschritten, gut #, mehr als
under: weniger als, unter #, unterhalb, kleiner als, kürzer als, niedriger als, unterschreit*
any: pro, je, beliebig*, irgend*
range: - #, und #
all: alle, allen, aller, alles, jede, jeder, jedes, jeden, jedem, immer, stets, jederzeit, sämtliche*, ganz, ganze, ganzen, ganzer, gesamt*, ausnahmslos, überall, jedermann, jedenfalls, durchgehend, grundsätzlich immer
both: beide, beiden, beides
before: vor, bevor, vorher, zuvor, im voraus, vorab, früher als
after: nach, nachdem, danach, später als, anschließend
starts: beginnt, beginnen, begann, beginn, startet, starten, start, eröffnet, anfang, ersten tag
from: ab dem @, ab der @, ab @, ab #, vom @, von @, seit @, seit, ab sofort, gültig ab
""",  # noqa: E501 - one class a line
    breaks="aber sondern während obwohl obgleich weil da denn falls wenn sobald sofern solange sonst dann bevor "
    "nachdem jedoch hingegen dagegen stattdessen damit sodass dass außer",
    joins="und oder sowie bzw beziehungsweise",
    auxiliaries="ist sind war waren bin bist seid wird werde wurde wurden muss müssen müsst soll sollen sollte "
    "sollten darf dürfen dürft kann können könnt könnte könnten hat habe hatte hatten braucht brauchen "
    "gilt gelten lässt wir ihr man ich er wählt wählen nutzt",
    pointers="diese dieser dieses diesen diesem dies dabei dafür damit davon dazu darin darauf daran dadurch ihn "
    "ihm derselbe dieselbe dasselbe solche solcher solches jene jener jenes",
    small="""
ab aber abgelaufen abgelehnt abgesehen ablauf abschnitt abzuraten aktuell aktuelle aktuellen alle allein allem
allen aller alles allgemeinen als also am an ander andere anderem anderen anderer anderes angenommen annähernd
anschließend anstatt anstelle anzahl art arten auch auf aufpreis aufschlag aufwärts aus ausgenommen
ausgeschlossen ausnahme ausnahmen ausnahmslos außer außerdem b bedarf bedingung bedürfen begrenzt bei beide
beiden beides beim beinahe beispiel beispiele benötigen benötigt berechtigt bereit bereits beschränkt besser
besten bestimmte bestimmten bevor bevorzugen beziehungsweise bin bis bist bisweilen bitte bleiben bleibt bloß
brauche brauchen braucht bzgl bzw ca circa d da dabei dadurch dafür dagegen dagewesen daher damit danach dann
daran darauf daraus darf darfst darin darum darunter darüber das dass davon dazu dein deine deinem deinen
deiner dem den denen denn dennoch der deren derer derselbe des deshalb dessen die dies diese diesem diesen
dieser dieses ding dinge doch dokument dokumente dort du durch durchgehend durchschnitt durchschnittlich dürfe
dürfen dürft dürfte dürften eben ebenfalls ebenso egal ein einander eine einem einen einer eines einige
einigen einiger einmal eins einsatz einschließlich einzelne einzelnen einzig empfehlen empfehlenswert
empfehlung empfiehlt empfohlen entfallen entfällt er erforderlich erfordern erfordert erlauben erlaubt
ermöglichen ermöglicht erst ersten eröffnet es etc etwa etwas euch euer eure eurem euren eurer eventuell fall
falle falls falsch fast fehlen fehlt folgend folgende folgenden folgt form formen freiwillig frist früher
fälle fällen für ganz ganze ganzen ganzer gar gegen gehen geht gehören gehört gelegentlich gelten gemacht
gemäß genau generell gerade gern gesagt gesetzt gestatten gestattet getan gewöhnlich gibt gibt's gilt großteil
grundsätzlich größer größtenteils gut gültig h hab habe haben hat hat's hatte hatten hauptsächlich heißen
heißt her herum hier hierbei hierfür hierzu hin hinter hälfte hätte hätten häufig höchstens höher ich
idealerweise ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer imstande in indem inklusive innerhalb ins
insgesamt ist ja je jede jedem jeden jedenfalls jeder jedermann jederzeit jedes jedoch jemand jetzt jeweilig
jeweilige jeweiligen jeweils kann kannst kaum kein keine keinem keinen keiner keinerlei keines keinesfalls
keineswegs keins kommen kommt konnte konnten korrekt könne können könnt könnte könnten kürzer lage lassen
lasst laut lautet lediglich lehnen lehnt leitfaden letzter leute lieber liegen liegt limitiert länger lässt
machen macht mal man manche manchen mancher manches manchmal mangelt max maximal maximum mehr mehrfach
mehrheit meide meiden mein meine meist meiste meisten meistens menge mensch menschen mindestens minimal
minimum mit muss musst musste mussten muß möge möglich möglicherweise möglichkeit möglichst müsse müssen müsst
nach nachdem nahezu neben nein nennt nicht nichts nie niedriger niemals nirgends nirgendwo noch normalerweise
notwendig nun nur nämlich nötig ob obergrenze oberhalb obwohl oder oft oftmals ohne ok okay optional ordnung
ort paar per person personen pflicht pro raten ratsam regel regeln richtig richtlinie richtlinien rund rät
sache sachen schluss schnitt schätzungsweise sei seid seien sein seine seinem seinen seiner seines seit seite
seiten selten setzen sich sie sind so sobald sodass sofern sofort sog sogar sogenannt sogenannte solange solch
solche solchen solcher solches soll solle sollen sollst sollt sollte sollten solltest solltet sondern sonst
soweit sowie später spätestens standardmäßig statt stattdessen stehen steht stelle stellen stets stichtag tabu
teil teile teils teilweise tun typischerweise um umständen unbedingt und unerlässlich ungefähr unnötig uns
unser unsere unserem unseren unserer unseres unter unterhalb unterlassen untersagt usw verbot verboten
vereinzelt verlangen verlangt verpflichtend verpflichtet version versionen verzichtbar verzichte verzichtet
viele vielen vieler vielleicht vom von vor vorab voraus vorausgesetzt voraussetzung vorbehalten vorbehaltlich
vorgabe vorgaben vorher vorwiegend vorzugsweise wann war waren was weder weil weit weitere weiteren weiterer
weiteres welche welchem welchen welcher welches wenige wenigen weniger wenigstens wenn wer werde werden wert
werte wessen wie wieder wir wird wo worden wurde wurden während wäre wären würde würden z zb zeit zirka zu
zudem zuletzt zulässig zum zumeist zumindest zur zusatzkosten zusätzlich zuvor zwar zwingend zwischen über
überall überhaupt überschreiten überschreitet überschritten übersteigen übersteigt üblicherweise übrigen
""",
    same_lines="""
verwenden verwendet verwende verwendung nutzen nutzt nutze nutzung benutzen benutzt genutzt einsetzen eingesetzt einsatz gebrauchen gebraucht gebrauch anwenden angewendet
zeigen zeigt gezeigt anzeigen angezeigt darstellen dargestellt erscheinen erscheint
schreiben schreibt geschrieben schreibweise
sagen sagt gesagt sagte laut zufolge erklärt berichtet meint
beginnen beginnt begann beginn starten startet start gestartet anfang
enden endet ende endete schließen schließt ablaufen
sinken sinkt sank gesunken fallen fiel fällt gefallen verkürzen verkürzt verkürzte senken senkt senkte gesenkt reduzieren reduziert reduzierte verringern verringert verringerte
steigen steigt stieg gestiegen erhöhen erhöht erhöhte wachsen wächst wuchs gewachsen
freigeben freigegeben freigabe freigaben freizugeben genehmigen genehmigt genehmigung zustimmung zustimmen
prüfen geprüft prüft prüfung kontrollieren kontrolliert
veröffentlichen veröffentlicht veröffentlichung veröffentlichungen publizieren publiziert
bearbeiten bearbeitet bearbeitung
ändern geändert ändert änderung änderungen verändern verändert abändern
löschen gelöscht löschung entfernen entfernt
speichern gespeichert aufbewahren aufbewahrt
verzerren verzerrt verformen verformt
drehen gedreht rotieren rotiert drehung
verantworten verantwortet verantwortlich verantwortung zuständig
leiten leitet leitung führt
dauern dauert läuft laufen laufzeit dauer
erscheinen erscheint herauskommen heraus
bestehen besteht vorliegen vorliegt
enthalten enthält beinhalten beinhaltet umfassen umfasst umfaßt lang länge
betragen beträgt misst
wählen wählt gewählt auswählen
vermeiden vermeidet verzichten
ansprechen sprechen spricht angesprochen anrede anreden
einlösen eingelöst einlösbar
kaufen kauft gekauft erwerben
senden gesendet schicken geschickt verschicken versenden
bild bilder foto fotos fotografie fotografien aufnahme aufnahmen bildmaterial
schrift schriften schriftart schriftarten font fonts
farbe farben farbton farbtöne hauptfarbe primärfarbe
haupt primär primäre wichtigste zentrale
hintergrund hintergründe fläche flächen untergrund untergründe
website webseite webseiten websites internetseite
überschrift überschriften titel headline headlines schlagzeile
text texte wortlaut formulierung formulierungen
fachbegriff fachbegriffe fachwort fachwörter jargon
kunde kunden kundin kundinnen
mitarbeitende mitarbeitenden mitarbeiter mitarbeiterin mitarbeiterinnen beschäftigte personal
nutzer nutzerin nutzerinnen anwender anwenderinnen
kosten kostet preis preise gebühr gebühren
kostenlos gratis kostenfrei
tarif tarife paket pakete
firma firmen unternehmen
name namen bezeichnung markenname
marke marken
logo logos logotyp signet
schutzraum freiraum abstand schutzzone
rand ränder
frei leer
schaltfläche schaltflächen button buttons knopf
zitat zitate kundenzitat kundenzitate
beitrag beiträge post posts posting
netz web online
social soziale sozialen medien media
druck druckausgabe print gedruckt
dunkel dunkle dunklen dunkler dunklem
hell helle hellen heller hellem
weiß weiße weißen weißer weißes
groß große großen großer großem großbuchstabe großbuchstaben
klein kleine kleinen kleiner kleinem kleinbuchstabe kleinbuchstaben
breite breit mindestbreite
höhe hoch
einfach einfache einfachen einfacher leicht leichte
kurz kurze kurzen kurzer knapp
tag tage tagen täglich
woche wochen wöchentlich
monat monate monaten monatlich
jahr jahre jahren jährlich
verboten verbieten untersagt unzulässig
erlaubt zulässig gestattet
schriftlich schriftliche schriftlichen
eu europäisch europäische europäischen
prozent %
rechtsabteilung juristen rechtsteam
vertrieb vertriebsteam verkauf
startseite homepage
abkürzung abkürzungen abgekürzt abkürzen
brief briefe
satz sätze
zahl zahlen ziffer ziffern
datum daten datumsangabe datumsangaben
maß maße größe größen
team teams
büro büros
film filme video videos
stil tonalität
land länder
stadt städte
ziel ziele
thema themen
recht rechte
link links
""",  # noqa: E501 - one meaning a line
    openers="in im auf bei beim für mit nach vor ab seit zu zum zur an am unter über während von vom bis laut "
    "ohne",
    months="januar februar märz april mai juni juli august september oktober november dezember jan feb mär apr jun "
    "jul aug sept sep okt nov dez",
    rival_lines="""
erlaubt gestattet zulässig zugelassen / verboten untersagt unzulässig tabu
freigegeben genehmigt / abgelehnt gesperrt zurückgezogen entwurf
steigen steigt stieg gestiegen erhöht erhöhte wuchs gewachsen mehr / sinken sinkt sank gesunken gesenkt senkte reduziert verkürzt weniger
inklusive einschließlich enthalten / exklusive ausschließlich ausgenommen
vor vorher bevor / nach nachher nachdem danach
über oberhalb oben / unter unterhalb unten
links linke linken / rechts rechte rechten / mitte mittig zentriert
erste ersten erster / letzte letzten letzter zweite zweiten dritte dritten
intern interne internen / extern externe externen
öffentlich öffentliche öffentlichen / privat vertraulich geheim
hell helle hellen heller / dunkel dunkle dunklen dunkler
mindestens minimum minimal / höchstens maximum maximal
größer größere / kleiner kleinere
länger lang lange langen / kürzer kurz kurze kurzen
schneller schnell / langsamer langsam
breit breite / hoch höhe
immer stets / nie niemals manchmal selten
alle jede jeder jedes / keine keiner einige manche
kostenlos gratis kostenfrei / kostenpflichtig
alt alte alten bisherige bisherigen frühere / neu neue neuen
früh früher / spät später
horizontal waagerecht / vertikal senkrecht
innerhalb innen / außerhalb außen
positiv positive / negativ negative
pflicht verpflichtend zwingend / freiwillig optional
singular einzahl / plural mehrzahl
aktiv / passiv inaktiv
großbuchstaben großschreibung groß / kleinbuchstaben kleinschreibung klein
fett / kursiv
du duzen / sie siezen
montag / dienstag / mittwoch / donnerstag / freitag / samstag sonnabend / sonntag
frühling frühjahr / sommer / herbst / winter
täglich / wöchentlich / monatlich / vierteljährlich / jährlich
monat monate / jahr jahre / woche wochen / tag tage / stunde stunden
nord norden / süd süden / ost osten / west westen
rot rote roten / blau blaue blauen / grün grüne grünen / gelb gelbe gelben / orange / lila / schwarz schwarze schwarzen / weiß weiße weißen / grau graue grauen / teal / amber / rosa / braun braune
png / jpg jpeg / svg / pdf / gif / eps / webp / docx / pptx / xlsx
druck print gedruckt / digital online
e-mail mail / telefon anruf / chat / post brief
kunde kunden / partner / mitarbeiter mitarbeitende / lieferant lieferanten / investoren / wettbewerber mitbewerber
marketing / rechtsabteilung / vertrieb / finanzen / entwicklung
käufer / verkäufer
gewinnt gewinnen gewonnen / verliert verlieren verloren
gleich gleiche / verschieden anders unterschiedlich
mit / ohne
besser beste / schlechter schlechteste
sicher / unsicher
hinzufügen ergänzen / entfernen löschen
kaufen / verkaufen
hochformat / querformat
quadratisch eckig / rund kreisförmig
einzeln einfach / doppelt dreifach
manuell / automatisch
""",  # noqa: E501 - one meaning a line
    combination_lines="unneeded: must not",
    beginnings="ge",
    endings="innen ungen ung nden nder nde isch lich em er en es et nd e s n t",
    noun_endings="""
ung ungen heit heiten keit keiten schaft schaften tion tionen tät täten nis nisse ismus ierung absatz absätze
abteilung adresse alternative alternativen angabe angaben angebot angebote antwort antworten anzeige anzeigen
archiv ausnahme ausnahmen ausrufezeichen autor autorin begriff begriffe bericht berichte bildmarke brief
briefe broschüre broschüren buchstabe buchstaben budget chefin claim claims datei dateien daten datum dauer
deutsch dienst dienstag dienste dollar donnerstag drittel ecken einsatz emoji emojis empfehlung englisch
erfolg ergebnis filme folie folien format formate frage fragen freitag frist fristen frühling führer gesamt
grund größe größen gründe gutschein gutscheine gäste herbst hinweis hinweise hälfte inhalt inhalte journalist
kampagne kampagnen kante kontakt kontrast kreis leiter leiterin lesbarkeit lieferant lieferanten linie linien
links liste listen mails markt mediathek medium mehrheit messe messen million millionen minute minuten
mitbewerber mittwoch montag motto muster märkte nachteil nachteile newsletter nummer nutzung ordner partner
partnerin person pflicht plakat plakate presse pressetext pressetexte problem probleme produkt produkte
präsentation punkt punkte quartal quartale quelle quellen rabatt rabatte raster rechenzentren rechenzentrum
recht rechte räume samstag schatten seite sekunde sekunden server slogan slogans sommer sonntag spalte spalten
sprache sprecher sprecherin stadt stimme studie studien stunde stunden summe superlativ superlative symbol
symbole sätze tabelle tabellen teams telefon termin termine thema themen tipps titel verlauf vertrag vertrags
verträge video videos viertel vorlage vorlagen vorstand vorteil vorteile wettbewerb winter wortmarke wunsch
wörter wünsche zahlen zeichen zeile zeilen ziele zielgruppe zielgruppen ziffer ziffern zustimmung zweck
""",
)

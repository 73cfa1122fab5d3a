"""French, as the checks read it: "l'", "n'", "qu'" come apart as "le", "ne", "que" before it is read. Data only."""

from bot.answer.checks.language import Language

FRENCH = Language(
    code="fr",
    operator_lines="""
skip: si possible, dans la mesure du possible, autant que possible, non seulement, pas seulement, sans frais, sans supplément, ne … pas, ne … jamais, ne … aucun, ne … aucune, ne … ni, ne … rien, ne … personne, ne … nulle part, ne … guère, ne … plus de, tout autour, tout à fait, pas nécessairement que, surtout, tout de suite
only: ne … que, ne … qu
not: ne … plus
until: jusque à, jusque au, jusque en, jusque fin, jusqu'à, jusqu'au, jusque le, au plus tard, avant fin, valable jusque
ends: se termine, se terminent, prend fin, prennent fin, termine, terminent, finit, finissent, fin, fini, expire*, échéance, date limite, dernier jour, se achève, se achèvent
atleast: pas moins de, jamais moins de, au moins, au minimum, minimum, minimal*, minimale, min, ou plus, et plus, ou davantage, ou supérieur*, à partir de 1 an, pas inférieur* à
least: le plus petit, la plus petite, le plus court, la plus courte
atmost: pas plus de, jamais plus de, pas plus que, au plus, tout au plus, au maximum, maximum, maximal*, max, ne … pas dépasser, ne … pas excéder, pas dépasser, pas excéder, ou moins, limite de, plafond
limited: limité à, limitée à, limités à, limitées à, réservé à, réservée à, réservés à, réservées à, limité*, restreint*
unneeded: pas nécessaire*, pas besoin, pas obligatoire*, pas obligé*, pas tenu*, pas requis*, pas indispensable*, inutile*, facultatif*, facultative*, en option, optionnel*
discouraged: éviter, évitez, évite, évitent, évitons, à éviter, eviter, evitez, déconseillé*, déconseill*, pas recommandé*, pas conseillé*, mieux vaut ne pas, pas souhaitable*, se abstenir, abstenez-vous
without: sans, au lieu de, au lieu du, plutôt que, à la place de
never: jamais, en aucun cas, sous aucun prétexte
not: pas, aucun, aucune, aucuns, aucunes, nul, nulle, personne ne, rien, ni, non, nulle part, guère, interdit*, interdire, interdiction, proscrit*, proscrire, banni*, prohibé*, défendu*, impossible*, refus*, exclu, exclus, exclue, exclues, manque, manquent, dépourvu*
need: nécessaire*, besoin, exige, exigent, exigé*, exiger, nécessite, nécessitent, requiert, requièrent, requis*, obligatoire*, indispensable*, tenu de, tenus de, tenue de, tenues de, obligé*, demande, demandent
must: doit, doivent, devez, devons, dois, devait, devaient, devra, devront, faut, faudra, impératif, impérativement, impérative*, à respecter
should: devrait, devraient, devriez, devrions, faudrait, recommandé*, recommande, recommandons, recommandent, conseillé*, conseille, conseillons, de préférence, idéalement, préférable*, préférer, préférez, souhaitable*, mieux vaut
can: est capable, sont capables, permet de, permettent de, à même de
may: peut, peuvent, pouvez, pouvons, peux, pouvait, pourra, pourront, pourrait, pourraient, autorisé*, autorise, autorisent, autorisation de, permis, permise, permises, permet, permettent, possible*, acceptable*, admis, admise, admises, le droit, droit de, libre de, libres de, utilisable*, toléré*, peut-être
would: serait, seraient, aurait, auraient
replacing: remplac*, échang*, substitu*
only: uniquement, seulement, exclusivement, exclusif*, exclusive*, seul, seule, seuls, seules, que si, rien que, simplement
except: sauf, excepté*, à l'exception, à le exception, exception, exceptions, hormis, hors, à moins que, à moins de, en dehors de, mis à part, mais pas
if: à condition, pourvu que, tant que, si, sous réserve, en cas, dans le cas où, supposé*
when: quand, lorsque, dès que, une fois que, chaque fois que
most: la plupart, plupart, majorité, majoritairement, en majeure partie, plus de la moitié
some: certains, certaines, certain, certaine, quelques, parfois, partiellement, en partie, de temps en temps, à l'occasion, peu de, occasionnellement
many: beaucoup, nombreux, nombreuses, souvent, fréquemment, plusieurs, bon nombre
usually: en général, généralement, en règle générale, de règle générale, habituellement, d'habitude, de habitude, normalement, le plus souvent, en moyenne, typiquement, par défaut, principalement, dans la plupart des cas, de ordinaire
rarely: rarement, à peine, presque jamais
about: environ, près de #, autour de #, approximativement, à peu près, quelque #, ~#, une vingtaine
near: presque, quasi, quasiment
over: plus de #, plus de, plus que, au-dessus de #, au-delà de #, dépass*, excèd*, supérieur* à, supérieure* à, supérieur*
under: moins de, au-dessous de, en dessous de, inférieur* à, inférieur*
any: par, tout autre, quelconque
range: à #, - #, au @, au #, et #
all: tous, toutes, toute, tout, chaque, toujours, systématiquement, ensemble de, entièrement, entier, entière, partout, sans exception, chacun, chacune, intégralement, en permanence
both: les deux, tous deux, toutes deux
before: avant, avant que, au préalable, préalablement, plus tôt que
after: après, après que, ensuite, plus tard que
starts: commence, commencent, commencé, début*, démarr*, lancement, ouvre
from: à partir de, à partir du, à compter de, à compter du, dès le @, dès @, depuis, du @
""",  # noqa: E501 - one class a line
    breaks="mais tandis alors quoique car puisque parce si quand lorsque cependant toutefois sinon puis ensuite "
    "afin pourtant sauf excepté avant après depuis dont où qui",
    joins="et ou ni ainsi",
    auxiliaries="est sont était étaient sera seront a ont avait avaient doit doivent devez devons devrait devraient "
    "peut peuvent pouvez pouvons pourrait pourraient faut faudrait nous vous on il elle ils elles je "
    "reste restent choisir choisissez préférer préférez utiliser utilisez employer employez privilégier "
    "privilégiez écrire écrivez",
    pointers="ils elles celui celle ceux celles cela ceci ça",
    small="""
a abstenez abstenir actuel actuelle actuelles actuels admis admise admises afin agit ai ainsi alors appelle
appelé appelée approximativement après as au aucun aucune aucunes aucuns auquel auraient aurait aussi autant
autorise autorisent autour autre autres aux avait avant avec avez avoir avons ayant ayez beaucoup besoin bien
c capable capables car cas ce ceci cela celle celles celui cependant certain certaine certaines certains ces
cet cette ceux chacun chacune chaque chez chose choses ci code comme commencé comment compte comptent
condition conseille conseillons contre correct correcte correctement d dans date davantage de debout dehors
delà demande demandent depuis dernier des dessous dessus deux devaient devait devez devoir devons devra
devraient devrait devriez devrions devront dire disent dit document documents dois doit doivent donc donne
donner donné dont droit du dès défaut déjà dépasse dépassent dépasser e elle elles en encore enfin ensemble
ensuite entendu entier entière entièrement entre environ es est et etc eux eviter evitez ex exception
exceptions exclu exclue exclues exclus exclusivement excéder exemple exemples exige exigent exiger faire fait
faites faudra faudrait faut façon façons figure figurent figurer fini fois font forme formes frais fréquemment
furent grâce guide guère général générale généralement habitude habituellement hormis hors i ici idéalement il
ils impératif impérativement inférieur inférieure interdit interdite intégralement j jamais je jusqu jusque l
la laisse laisser laissez laquelle le lequel les lesquels leur leurs lieu limite limité limitée limitées
limités lors lorsqu lorsque lui là m ma mais majeure majoritairement majorité manière manque manquent max
maximum me mes met mettez mettre mieux min minimale minimum mis mise mises moi moins moitié mon moyenne même
mêmes n ne ni nombre nombreuses nombreux nommé nommée non normalement nos notre nous nouveau nul nulle
nécessairement nécessite nécessitent occasion occasionnellement occupe on ont option or ordinaire ou oui ouvre
où p page par parce parfois parmi part partie partiellement parties partir partout pas peine pendant
permanence permet permettent permis permise permises personne personnes petit petite peu peut peuvent peux
place plafond plupart plus plusieurs plutôt possible pour pourquoi pourra pourraient pourrait pourront
pourtant pourvu pouvait pouvez pouvoir pouvons prend prendre prennent presque principalement pris proscrire
près préalable préalablement préférence prétexte puis puisqu puisque qu quand quant quasi quasiment que quel
quelconque quelle quelles quelque quelques quels qui quoi rarement recommande recommandent recommandons
requiert requièrent respecter reste restent rester reçoit rien rue règle règles réserve réservé réservée
réservées réservés s sa sans sauf se section selon sera seraient serait seront ses seul seule seulement seules
seuls si sinon soi soient soit son sont sous souvent suite suivant suivante suivantes suivants supplément
supérieur supérieure supérieures supérieurs sur surtout systématiquement t ta tandis tant tard te tel telle
telles tels temps tenir tenu tenue tenues tenus tes toi ton toujours tous tout toute toutes trop trouve
trouvent trouver très tu typiquement tôt un une unes uniquement uns va valable valeur vaut vers version
versions via vingtaine voici voilà vont vos votre vous vu y à ça échéance également étaient était étant été
évite évitent éviter évitez évitons être
""",
    same_lines="""
utiliser utilise utilisez utilisent utilisé utilisée utilisés utilisées utilisation emploi employer emploie employez employé employés employées servir sert servent usage user composé composer utilisable utilisables
afficher affiche affichez affiché affichés montrer montre montré montrée montrées montrez apparaître apparaît
écrire écrit écrite écrits écrites écrivez écrivons écrivent orthographe graphie
dire dit disent dites selon déclare déclaré explique
commencer commence commencent commencez début débute débuter démarrer démarre démarrent lancement lancer
terminer termine terminent finir finit finissent achever achève achèvent fin
baisser baisse baissé descendre descend descendu diminuer diminue diminué réduire réduit réduite réduits réduction chuter chuté passé passer passe
augmenter augmente augmenté croître hausse monter
valider valide validé validée validés validées validation approuver approuvé approuvée approuvées approuvés approbation accord autorisation
vérifier vérifié vérification relire relu relue relues contrôler
publier publié publiée publication publications paraître paraît parution
modifier modifié modifiée modification changer changé retoucher retouché retouchée retouchées retouche
supprimer supprimé suppression effacer retirer enlever
conserver conservé garder gardé stocker stocké
déformer déformé déformée déformation étirer étiré
pivoter pivoté tourner rotation
responsable responsables responsabilité chargé chargée
diriger dirige dirigé direction
durer dure durent durée dérouler déroule déroulent
appliquer applique vigueur
choisir choisissez choisi préférer préférez choix
vouvoyer vouvoie vouvoyons vouvoiement
tutoyer tutoie tutoiement
contenir contient contiennent comporter comporte comportent comprendre comprend comprennent compter
mesurer mesure mesurent fait font large largeur
image images photo photos photographie photographies visuel visuels
police polices caractère caractères typographie fonte
couleur couleurs teinte teintes
principal principale principaux primaire primaires
fond fonds arrière-plan
site sites web
titre titres intitulé intitulés
texte textes copie rédaction
mot mots terme termes
jargon technique techniques
client clients cliente clientes
salarié salariés employé employés collaborateur collaborateurs personnel
utilisateur utilisateurs utilisatrice utilisatrices
coûter coûte coûtent coût coûts prix tarif tarifs
gratuit gratuite gratuits gratuitement
offre offres abonnement abonnements formule
entreprise entreprises société sociétés
nom noms dénomination
logo logos logotype logotypes
zone espace dégagement libre libres protection
bouton boutons
citation citations témoignage témoignages
publication post posts
impression imprimé imprimée imprimer
sombre sombres foncé foncés
clair clairs claire claires
blanc blanche blancs blanches
majuscule majuscules capitale capitales
simple simples simplement facile faciles
court courte courts courtes bref
jour jours quotidien quotidienne
semaine semaines hebdomadaire
mois mensuel mensuelle
an ans année années annuel annuelle
ue européen européenne union
juridique juridiques
commercial commerciale commerciaux vente ventes
accueil
supplémentaire supplémentaires suivant
partenaire partenaires
gagner gagne gagnent économiser économise économisent
interdire interdit interdite interdits interdiction
bon bons coupon coupons
communiqué communiqués
émoji émojis emoji emojis
réseaux réseau social sociaux
""",  # noqa: E501 - one meaning a line
    openers="pour sur dans en à au aux lors avec après avant depuis selon sous pendant par chez sans dès",
    months="janvier février fevrier mars avril mai juin juillet août aout septembre octobre novembre décembre decembre "
    "janv févr avr juil sept oct nov déc",
    rival_lines="""
autorisé autorisée autorisés permis permise / interdit interdite interdits proscrit
approuvé approuvée validé validée / refusé refusée rejeté brouillon
augmenter augmente augmenté hausse croît / baisser baisse baissé diminué réduit réduite chuté descendu
inclus incluse compris / exclu exclue
avant / après
dessus haut / dessous bas
gauche / droite / centre milieu
premier première / dernier dernière second seconde deuxième troisième
interne internes / externe externes
public publique / privé privée confidentiel confidentielle secret
clair claire clairs / sombre sombres foncé
minimum minimal moins / maximum maximal plus
grand grande grands / petit petite petits
long longue longs / court courte courts
rapide rapides / lent lente
large largeur / hauteur haut
toujours / jamais parfois rarement
tous toutes chaque / aucun aucune certains certaines
gratuit gratuite / payant payante
ancien ancienne / nouveau nouvelle
tôt / tard
horizontal horizontale / vertical verticale
intérieur / extérieur
positif positive / négatif négative
obligatoire obligatoires / facultatif facultative optionnel
singulier / pluriel
actif active / passif inactif inactive
majuscule majuscules / minuscule minuscules
gras / italique
tutoiement tutoyer tutoie tutoyons / vouvoiement vouvoyer vouvoie vouvoyons
lundi / mardi / mercredi / jeudi / vendredi / samedi / dimanche
printemps / été / automne / hiver
quotidien / hebdomadaire / mensuel / trimestriel / annuel
jour jours / semaine semaines / mois / an ans année années / heure heures
nord / sud / est / ouest
rouge / bleu bleue / vert verte / jaune / orange / violet / noir noire / blanc blanche / gris grise / sarcelle teal / ambre amber / rose / brun
png / jpg jpeg / svg / pdf / gif / eps / webp / docx / pptx / xlsx
impression imprimé / numérique ligne
courriel e-mail mail / téléphone / chat / courrier
client clients / partenaire partenaires / employé employés salarié salariés / fournisseur fournisseurs / concurrent concurrents / investisseurs
marketing / juridique / commercial ventes / finances
acheteur / vendeur
gagner gagne gagné / perdre perd perdu
même / différent différente
avec / sans
meilleur meilleure / pire
sûr / dangereux
ajouter / supprimer retirer
acheter / vendre
portrait / paysage
carré / rond
manuel manuellement / automatique automatiquement
""",  # noqa: E501 - one meaning a line
    combination_lines="""
unneeded: need not
must: need
""",
    endings="issement ements ement ations ation antes ante ants ant aient erait eront eront euses euse eurs eur "
    "ives ive ifs aux ees es ee ent ons ez er ir re e s x i t",
)

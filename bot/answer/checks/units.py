"""Units in which things are counted, each with its one spelling. Data only."""

import re
from collections.abc import Mapping

_UNIT_LINES = """
px pixel pixels
pt point points pts
pp percentage-point percentage-points
mm millimetre millimetres millimeter millimeters
cm centimetre centimetres centimeter centimeters
m metre metres meter meters
km kilometre kilometres kilometer kilometers
in inch inches
dpi ppi
em ems
rem rems
kb kilobyte kilobytes
mb megabyte megabytes
gb gigabyte gigabytes
tb terabyte terabytes
ms millisecond milliseconds
s sec secs second seconds sekunde sekunden seconde secondes segundo segundos
min mins minute minutes minuten minuto minutos
h hr hrs hour hours stunde stunden heure heures hora horas
day days tag tage tagen jour jours día días dia dias
week weeks woche wochen semaine semaines semana semanas
month months monat monate monaten mois mes meses
quarter quarters
year years jahr jahre jahren an ans année années annee annees año años ano anos
word words wort wörter wörtern mot mots palabra palabras
character characters zeichen caractère caractères carácter caracteres
line lines
sentence sentences
page pages
time times x
seat seats
user users
customer customers client clients
employee employees people person persons
country countries
hz
kg kilogram kilograms
°c
°f
degree degrees
"""
UNITS: Mapping[str, str] = {
    word: line.split()[0] for line in _UNIT_LINES.strip().splitlines() for word in line.split()
}
ORDERS: Mapping[str, str] = {"second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6"}
PERIODS = "day|week|month|quarter|year|phase|step|stage|chapter|section|page"
ORDERED = re.compile(rf"\b({'|'.join(ORDERS)}) ({PERIODS})\b")
"""`second week`, which others call week two."""

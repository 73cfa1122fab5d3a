"""Spanish, as the checks read it. Data only."""

from bot.answer.checks.language import Language

SPANISH = Language(
    code="es",
    operator_lines="""
skip: si es posible, siempre que sea posible, en lo posible, en la medida de lo posible, no solo, no sólo, no solamente, no únicamente, sin coste, sin cargo, sin costo, sobre todo, al pie, todo alrededor, de todos modos
only: no … más que, no … sino
until: hasta el @, hasta @, hasta el final, hasta el fin, a más tardar, como tarde, válido hasta, antes del @
ends: termina, terminan, terminó, acaba, acaban, finaliza, finalizan, fin, final, vence, vencen, caduca, caducan, vencimiento, último día, fecha límite, cierra, concluye
atleast: no menos de, nunca menos de, al menos, por lo menos, como mínimo, como minimo, mínimo, mínima, mínimos, mínimas, minimo, minima, o más, o mayor, o superior, en adelante, cuando menos
least: más pequeño, más pequeña, más corto, más corta, menor
atmost: hasta #, no más de, nunca más de, no mas de, como máximo, como maximo, a lo sumo, máximo, máxima, máximos, máximas, maximo, maxima, no superar, no supere*, no exced*, no … exceder, no … superar, no … pasar de, o menos, límite de, tope, hasta un máximo
limited: limitado a, limitada a, limitados a, limitadas a, limitado, limitada, reservado*, reservada*, restringid*
unneeded: no es necesario, no es necesaria, no son necesari*, no es obligatori*, no son obligatori*, no hace falta, no hacen falta, no necesita*, no requiere*, no tiene que, no tienen que, no tenemos que, no tienes que, no se requiere*, no se necesita*, no precisa*, no se exige*, no exige*, no es preciso, no es imprescindible, innecesari*, opcional*, voluntari*
discouraged: evite, evita, evitar, eviten, evitamos, evitarse, evitemos, desaconseja*, no recomendad*, no recomend*, no es recomendable*, no es aconsejable*, mejor no, no conviene, abstenerse, absténgase
without: sin, en lugar de, en vez de
never: nunca, jamás, jamas, en ningún caso, bajo ningún concepto, de ningún modo
not: ya no, no, ningún, ningun, ninguno, ninguna, ningunos, ningunas, nada, nadie, ni, tampoco, prohibid*, prohíb*, prohib*, vetad*, imposible*, excluid*, rechaz*, carece*, falta, faltan, impid*, negad*
need: es necesario, necesario, necesaria, necesarios, necesarias, necesita, necesitan, necesitas, requiere, requieren, requerid*, obligatori*, hace falta, hacen falta, precisa, precisan, exige, exigen, imprescindible*, tiene que, tienen que, tenemos que, tienes que, obligad*, preciso
must: debe, deben, debes, debemos, debía, deberá, deberán, debiendo, ha de, han de, hay que, habrá que
should: debería, deberían, deberías, deberíamos, deberia, deberian, convendría, conviene, recomendad*, recomienda, recomiendan, recomendamos, recomendable*, aconsej*, idealmente, preferible*, preferiblemente, de preferencia, preferentemente, mejor
can: es capaz, son capaces, capaz de
may: puede, pueden, puedes, podemos, podrá, podrán, podría, podrían, podria, permitid*, permite, permiten, autorizad*, autoriza, posible*, aceptable*, admitid*, admite, permiso para, derecho a, libre de, válid* para, quizá, quizás, tal vez
would: sería, serían, habría, habrían
replacing: reemplaz*, sustitu*, cambi* por
only: solo, sólo, solamente, únicamente, unicamente, exclusivamente, exclusiv*, nada más que, tan solo, solo si, meramente
except: excepto, salvo, a excepción, con excepción, con la excepción, menos en, a menos que, a no ser que, exceptuando, excepción, excepciones, pero no, aparte de
if: siempre que, siempre y cuando, con tal de que, a condición, en caso, en el caso, sujeto a, si, mientras
when: cuando, una vez que, en cuanto, cada vez que
most: la mayoría, mayoría, mayoria, la mayor parte, mayor parte, mayoritariamente, más de la mitad
some: algunos, algunas, algún, alguna, ciertos, ciertas, pocos, pocas, parcialmente, en parte, a veces, ocasionalmente, de vez en cuando
many: muchos, muchas, numeros*, a menudo, con frecuencia, frecuentemente, varios, varias
usually: por lo general, por regla general, generalmente, normalmente, habitualmente, en general, de media, en promedio, suele, suelen, típicamente, por defecto, principalmente, en la mayoría de los casos
rarely: rara vez, raramente, apenas, pocas veces
about: unos #, unas #, aproximadamente, cerca de #, alrededor de #, en torno a #, aprox, ~#, más o menos
near: casi
over: más de #, más del #, más de, más del, mas del, mas de, más que, por encima de, superior* a, superior*, supera*, excede*, pasar de, pasan de, pasa de
under: menos de, menos del, por debajo de, inferior* a, inferior*
any: por, cualquier, cualquiera, cada uno
range: a #, - #, al @, al #, y #
all: todo, todos, toda, todas, cada, siempre, en todo momento, íntegramente, entero, entera, sin excepción, en todos los casos
both: ambos, ambas, los dos, las dos
before: antes de, antes, previamente, de antemano, previo, previa
after: después de, después, despues, tras, luego, posteriormente
starts: empieza, empiezan, empezó, comienza, comienzan, inicio, inicia, arranca, arrancan, abre, comienzo
from: a partir del, a partir de, desde el @, desde @, desde, del @
""",  # noqa: E501 - one class a line
    breaks="pero mientras aunque porque pues si cuando sino entonces luego sin embargo salvo excepto antes "
    "después desde donde que quien",
    joins="y e o u ni",
    auxiliaries="es son era eran está están estaba fue fueron será serán ha han había debe deben debes debemos "
    "debería deberían puede pueden puedes podemos podría podrían hay hace nosotros usted ustedes tiene "
    "tienen queda quedan elegir elija usar use utilizar utilice preferir prefiera escribir escriba",
    pointers="ellos ellas esto este esta estos estas eso ese esa esos esas aquel aquella aquellos aquellas",
    small="""
a abre abstenerse absténgase acaban actual actuales acá adelante ademas además admite adonde ahora ahí al algo
alguna algunas alguno algunos algún allí alrededor ambas ambos ante antemano antes aparece aparte apenas aprox
aproximadamente aquel aquella aquellas aquellos aquí así aun aunque autoriza aún b bajo bien c cabo cada
caduca caducan cantidad capaces capaz cargo casi caso casos cerca cierra ciertas ciertos como con concepto
concluye condición contra convendría conviene correcta correctamente correcto cosa cosas cual cuales cualquier
cualquiera cuando cuanto cuya cuyo cuál cuándo código cómo d da dan dar de debajo debe debemos deben deberia
deberian deberá deberán debería deberíamos deberían deberías debes debiendo debía decir defecto deja dejar
deje dejen del demás dentro derecho desde despues después dice dicen dijo documento documentos donde dos
durante dónde e ej ejemplo ejemplos el ella ellas ello ellos empezó en encima encuentra encuentran entera
entero entonces entre era eran eres es esa esas ese eso esos esta estar estas este esto estos está están etc
evita evitamos evitar evitarse evite evitemos eviten excede exceden exceder excepciones excepción excepto
exceptuando exclusivamente exige exigen falta faltan fecha final forma formas frecuencia frecuentemente fue
fuera fueron general generalmente guía ha haber habitualmente habrá habría habrían había hace hacen hacer
hacerse hacia han hasta hay haya he i idealmente igual imprescindible incluido incluso incluye inferior
inferiores ir jamas jamás junto la las le les limitada limitadas limitado limitados llama llamada llamado
lleva llevan llevar llevarse lo los luego lugar límite manera mas maxima maximo mayor mayoria mayoritariamente
mayoría me media mediante mejor menor menos menudo meramente mi mientras minima minimo mis misma mismas mismo
mismos mitad modo modos momento mucha muchas mucho muchos muy más máxima máximas máximo máximos mínima mínimas
mínimo mínimos n nada nadie necesaria necesarias necesario necesarios necesita necesitan necesitas ni ningun
ninguna ningunas ninguno ningunos ningún no normalmente nos nosotros nuestra nuestras nuestro nuestros nunca
número o ocasionalmente os otra otras otro otros p para parcialmente parte partes partir pasa pasan pasar
pequeña pequeño permiten pero persona personas pie pocas poco pocos podemos poder podria podrá podrán podría
podrían pone poner ponerse ponga por porque posible posteriormente precisa precisan preciso preferencia
preferentemente preferiblemente previa previamente previo principalmente prohibido promedio puede pueden
puedes pues página que queda quedan quien quienes quizá quizás quién qué rara raramente recomendado
recomendamos recomienda recomiendan regla reglas requiere requieren respecto s salvo se sea sean sección según
ser será serán sería serían si sido siempre siendo siguiente siguientes sin sino sitúa sobre solamente solo
son soy su suele suelen sujeto sumo supera superan superar superior superiores sus sí sólo tal tales también
tampoco tan tanto tardar tarde te tenemos tener tenga tengan terminó tiene tienen tienes toda todas todavía
todo todos tope torno tras tu tus típicamente u un una unas unicamente uno unos usted ustedes va valor van
varias varios vaya veces vence vencen vencimiento versiones versión vez vía y ya yo él íntegramente último
únicamente
""",
    same_lines="""
usar usa usan use usen usado usada usados usadas usarse uso usos utilizar utiliza utilizan utilice utilizado utilizamos utilizarse usamos usarse emplear emplea empleado emplearse empleo servirse
mostrar muestra muestran mostrarse mostrado muestre presentar presenta aparecer aparece
escribir escribe escriben escribimos escrito escrita escritos escritas escribirse escriba
decir dice dicen dijo según afirma explica comenta expresión
empezar empieza empiezan comenzar comienza comienzan comienzo iniciar inicia inicio arrancar arranca arrancan
terminar termina terminan acabar acaba finalizar finaliza finalizan fin
bajar bajó baja bajado caer cayó caído descender descendió disminuir disminuyó reducir redujo reduce reducido reducida reducción
subir subió sube aumentar aumenta aumentó crecer creció
aprobar aprobado aprobada aprobados aprobadas aprobarse apruebe aprobación autorización permiso visto
revisar revisado revisada revisados revisión comprobar
publicar publica publicado publicada publicarse publicación publicaciones sale salir salen
modificar modificado modificación cambiar cambiado retocar retocado retoque
eliminar eliminado borrar borrado quitar suprimir
guardar guardado conservar conservado almacenar almacenado
deformar deformado deforme distorsionar distorsionado
girar girado rotar rotado giro
responsable responsables responsabilidad encargado encargada
dirigir dirige dirigido dirección
durar dura duran duración extender extiende extienden
aplicar aplica aplican vigor
elegir elija elige elegido escoger escoja preferir
tratar tratamos trata tratan tratamiento
tutear tuteo tuteamos
contener contiene contienen tener llevar
medir mide miden medida
imagen imágenes foto fotos fotografía fotografías
tipografía tipografías fuente fuentes letra letras
color colores tono tonos
principal principales primario primaria
fondo fondos
sitio sitios web página páginas
titular titulares título títulos encabezado encabezados
texto textos redacción
palabra palabras término términos
jerga técnico técnicos técnica técnicas
cliente clientes clienta clientas
empleado empleados trabajador trabajadores personal plantilla
usuario usuarios usuaria usuarias
costar cuesta cuestan coste costes costo precio precios tarifa tarifas
gratis gratuito gratuita gratuitos
plan planes suscripción
empresa empresas compañía compañías
nombre nombres denominación
logotipo logotipos logo logos
área zona espacio margen protección libre libres
botón botones
cita citas testimonio testimonios
impresión impreso impresa imprimir
oscuro oscura oscuros oscuras
claro clara claros claras
blanco blanca blancos blancas
mayúscula mayúsculas
sencillo sencilla sencillos sencillas simple simples fácil fáciles
corto corta cortos cortas breve breves
ancho anchura
alto altura
día días dia dias diario diaria
semana semanas semanal
mes meses mensual
año años anual
ue europea europeo unión
jurídico jurídica legal
ventas comercial venta
adicional adicionales
socio socios socia socias
ahorrar ahorra ahorran ahorro ahorró
vale vales cupón cupones
comunicado comunicados
vigente vigentes válido válida activo activa
prohibido prohibida prohibir prohibición
permitido permitida permitir permite
redes red sociales social
""",  # noqa: E501 - one meaning a line
    openers="para en sobre con desde tras a al según durante por sin bajo hasta antes después",
    months="enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre ene feb "
    "abr jun jul ago sept oct nov dic",
    rival_lines="""
permitido permitida autorizado autorizada / prohibido prohibida vetado
aprobado aprobada / rechazado rechazada borrador
subir subió sube aumenta aumentó creció / bajar bajó baja cayó disminuyó redujo reducido
incluido incluida / excluido excluida
antes / después tras
encima arriba / debajo abajo
izquierda / derecha / centro medio
primero primera primer / último última segundo segunda tercero tercera
interno interna internos internas / externo externa externos externas
público pública / privado privada confidencial secreto
claro clara claros / oscuro oscura oscuros
mínimo mínima menos / máximo máxima más
grande grandes / pequeño pequeña pequeños
largo larga largos / corto corta cortos cortas
rápido rápida / lento lenta
ancho anchura / alto altura
siempre / nunca jamás rara
todos todas cada / ningún ninguno ninguna algunos algunas
gratis gratuito gratuita / pago
antiguo antigua anterior / nuevo nueva
temprano / tarde
horizontal / vertical
dentro / fuera
positivo positiva / negativo negativa
obligatorio obligatoria / opcional voluntario
singular / plural
activo activa / pasivo inactivo inactiva
mayúscula mayúsculas / minúscula minúsculas
negrita / cursiva
tuteo tutear tú / usted ustedes
lunes / martes / miércoles / jueves / viernes / sábado / domingo
primavera / verano / otoño / invierno
diario / semanal / mensual / trimestral / anual
día días / semana semanas / mes meses / año años / hora horas
norte / sur / este / oeste
rojo roja / azul / verde / amarillo / naranja / morado / negro negra / blanco blanca / gris / turquesa teal / ámbar amber / rosa / marrón
png / jpg jpeg / svg / pdf / gif / eps / webp / docx / pptx / xlsx
impresión impreso / digital línea
correo e-mail email / teléfono / chat / carta
cliente clientes / socio socios / empleado empleados / proveedor proveedores / competidor competidores / inversores
marketing / jurídico legal / ventas / finanzas
comprador / vendedor
ganar gana ganó / perder pierde perdió
igual mismo / diferente distinto
con / sin
mejor / peor
seguro / inseguro
añadir / eliminar quitar
comprar / vender
retrato / paisaje
cuadrado / redondo
manual manualmente / automático automáticamente
""",  # noqa: E501 - one meaning a line
    combination_lines="""
unneeded: need not
must: need
""",
    endings="amiento imiento aciones acion iciones icion mente arse erse irse ieron aron ados adas idos idas ando "
    "iendo amos emos imos ado ada ido ida ara era ira aba an en ar er ir as es os a e o s",
)

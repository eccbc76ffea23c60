"""Applications and their calls: Express, Django, Symfony, Tomcat, gRPC, Apollo, Puma."""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, line
from cases.pods import restarted, restarted_early
from cases.scene import Event, Scene

case = partial(Case, half="tuned")

EXPRESS = "$verb $status $dec[2,40,3] ms - $int[300,4000] session=$session user=$who"
KNOWN = line(
    EXPRESS,
    verb="$pick[GET /|GET /basket|GET /wish|POST /basket]",
    status="200",
    session="found",
    who="u$int[100,9000]",
)
FRESH = line(
    EXPRESS, verb="$pick[GET /|GET /basket|GET /wish|POST /basket]", status="200", session="new", who="-"
)
DJANGO = "$comma $level [$logger] $said"
RUN = line(
    DJANGO,
    level="INFO",
    logger="clinic.slots",
    said="slot $int[1000,9999] offered to patient $hex[8] in $int[5,30] ms",
)
JSON_RUN = (
    '{"ts":"$iso","level":"info","logger":"clinic.slots","event":"slot offered","slot":$int[1000,9999],"patient":"$hex[8]",'
    '"ms":$int[5,30]}'
)
JSON_NONE = (
    '{"ts":"$iso","level":"info","logger":"clinic.slots","event":"no slot to offer","slot":null,"patient":"$hex[8]",'
    '"ms":$int[2,6]}'
)
UNKNOWN_HOST = line(
    DJANGO,
    level="ERROR",
    logger="django.security.DisallowedHost",
    said="Invalid HTTP_HOST header: '$host'. You may need to add '$host' to ALLOWED_HOSTS.",
)
SYMFONY = "[$time[%Y-%m-%dT%H:%M:%S.%f+00:00]] app.INFO: $said [] []"
CHARGED = line(SYMFONY, said="Paiement $int[10000,99999] accepté par la banque, reçu envoyé au client")
DEFERRED = line(
    SYMFONY, said="Paiement $int[10000,99999] mis de côté : passerelle injoignable, aucun débit effectué"
)
SEEN = line(SYMFONY, said="Panier $int[10000,99999] affiché, $int[1,9] articles")
TOMCAT = "$time[%d-%b-%Y %H:%M:%S.%L] INFORMAÇÃO [http-nio-8080-exec-$int[1,20]] br.loja.frete.Calculo.calcular $said"
FREIGHT = line(
    TOMCAT,
    said="Frete do CEP $int[10000,99999]-$int[100,999]: R$$ $int[9,80],$int[10,99], prazo $int[2,9] dias",
)
NO_ERROR = line(TOMCAT, said="Tabela de frete verificada: nenhum erro, 0 faixas inválidas")
LOGRUS = (
    'time="$time[%Y-%m-%dT%H:%M:%SZ]" level=info msg="finished unary call with code $code" grpc.code=$code '
    "grpc.method=$method grpc.service=basket.v1.Baskets grpc.time_ms=$dec[0.6,30,3] span.kind=server system=grpc"
)
CALLS: Mix = (
    (55, line(LOGRUS, code="OK", method="GetBasket")),
    (4, line(LOGRUS, code="NotFound", method="GetBasket")),
    (30, line(LOGRUS, code="OK", method="AddItem")),
)
APOLLO = '{"t":$epochms,"op":"$pick[Home|Product|Basket|Search]","apq":"$apq","hash":"$hex[12]","errors":$errors,"ms":$ms[3,70]}'
APQ_HIT = line(APOLLO, apq="hit", errors="0")
APQ_MISS = line(APOLLO, apq="PersistedQueryNotFound", errors="1")
APQ_STORED = line(APOLLO, apq="registered", errors="0")
PUMA = '[$int[20,24]] $client - - [$clf] "GET /radio/$int[1,60] HTTP/1.1" 200 - $dec[0.004,0.09,4]'
PUMA_BOOT = (
    "[1] Puma starting in cluster mode...",
    '[1] * Puma version: 6.4.2 ("The Eagle of Durin")',
    "[1] * Listening on http://0.0.0.0:9292",
)

CASES = (
    case(
        "express-sessions-forgotten",
        ROLLBACK,
        "No request on the canary finds its session, so everybody is a stranger with an empty basket.",
        Scene(((92, KNOWN), (8, FRESH)), FRESH, rate=200, weight=10, pods=(3, 1)),
        family="unlevelled",
    ),
    case(
        "express-deprecated-call",
        PROMOTE,
        "The canary prints Express's notes of two deprecated calls at its first requests; sessions are found as ever.",
        Scene(
            ((92, KNOWN), (8, FRESH)),
            Log(
                (Phase(((91, KNOWN), (9, FRESH))),),
                at=(
                    (
                        0.02,
                        "$time[%a, %d %b %Y %H:%M:%S GMT] express deprecated res.send(status): Use res.sendStatus(status) instead",
                    ),
                    (
                        0.03,
                        "$time[%a, %d %b %Y %H:%M:%S GMT] express deprecated req.host: Use req.hostname instead routes/basket.js:41:19",
                    ),
                ),
            ),
            rate=200,
            weight=35,
        ),
        family="levels",
    ),
    case(
        "django-own-host-not-allowed",
        ROLLBACK,
        "The canary refuses requests for the clinic's own host, four of ten, as not in ALLOWED_HOSTS.",
        Scene(RUN, ((60, RUN), (40, line(UNKNOWN_HOST, host="booking.clinic.example"))), rate=90, weight=25),
        family="levels",
    ),
    case(
        "django-robots-by-address",
        PROMOTE,
        "Robots that ask by bare address are refused as unknown hosts on both sides; patients get their slots.",
        Scene(
            ((94, RUN), (6, line(UNKNOWN_HOST, host="203.0.113.$int[1,99]"))),
            ((94, RUN), (7, line(UNKNOWN_HOST, host="203.0.113.$int[1,99]"))),
            rate=150,
            weight=40,
        ),
        family="levels",
    ),
    case(
        "django-json-without-slots",
        ROLLBACK,
        "The canary logs in JSON, and most of its lines say that there is no slot to offer; stable always offers one.",
        Scene(RUN, ((25, JSON_RUN), (75, JSON_NONE)), rate=100, weight=20),
        family="formats",
    ),
    case(
        "django-json-the-same",
        PROMOTE,
        "The canary logs in JSON what stable logs as text: a slot offered to each patient, as fast.",
        Scene(RUN, JSON_RUN, rate=120, weight=30),
        family="formats",
    ),
    case(
        "symfony-paiements-mis-de-cote",
        ROLLBACK,
        "Half of the canary's payments are put aside without a charge, as the gateway is not reached, in French and at INFO.",
        Scene(((40, CHARGED), (60, SEEN)), ((20, CHARGED), (20, DEFERRED), (60, SEEN)), rate=110, weight=30),
        family="languages",
    ),
    case(
        "tomcat-nenhum-erro",
        PROMOTE,
        "The canary checks its table of freight each half minute and finds no error and no invalid band; freight is told as ever.",
        Scene(FREIGHT, Log((Phase(FREIGHT),), every=((30.0, NO_ERROR),)), rate=100, weight=25),
        family="languages",
    ),
    case(
        "grpc-baskets-not-found",
        ROLLBACK,
        "On the canary GetBasket is NotFound nearly always, at level info; on stable for one of fifteen.",
        Scene(
            CALLS,
            ((3, CALLS[0][1]), (56, CALLS[1][1]), (30, CALLS[2][1])),
            rate=160,
            weight=20,
        ),
        family="codes",
    ),
    case(
        "grpc-callers-cancel-a-little",
        PROMOTE,
        "A few callers cancel their calls on either side, and a few baskets are not found, in about the same part.",
        Scene(
            (*CALLS, (3, line(LOGRUS, code="Canceled", method="AddItem"))),
            (*CALLS, (3.6, line(LOGRUS, code="Canceled", method="AddItem"))),
            rate=200,
            weight=50,
            pods=(3, 3),
        ),
        family="codes",
    ),
    case(
        "apollo-queries-never-registered",
        ROLLBACK,
        "Each operation on the canary is PersistedQueryNotFound and stays so: none is registered or answered.",
        Scene(((97, APQ_HIT), (2, APQ_MISS), (2, APQ_STORED)), APQ_MISS, rate=220, weight=15),
        family="codes",
    ),
    case(
        "apollo-queries-register-anew",
        PROMOTE,
        "The canary's empty store misses persisted queries in its first minute, each is registered, and then all are hits.",
        Scene(
            ((97, APQ_HIT), (1, APQ_MISS), (1, APQ_STORED)),
            Log(
                (
                    Phase(((50, APQ_HIT), (25, APQ_MISS), (25, APQ_STORED)), until=0.1),
                    Phase(((98, APQ_HIT), (1, APQ_MISS), (1, APQ_STORED))),
                )
            ),
            rate=260,
            weight=40,
            minutes=14,
        ),
        family="healed",
    ),
    case(
        "puma-killed-by-liveness",
        ROLLBACK,
        "The canary's container was restarted five times by its failing liveness probe, and serves between the restarts.",
        Scene(
            PUMA,
            PUMA,
            start=PUMA_BOOT,
            states=(restarted(5, "Error", 143, lasted=70),),
            previous=(
                *PUMA_BOOT,
                PUMA,
                PUMA,
                "[1] - Gracefully shutting down workers...",
                "[1] === puma shutdown: $time[%Y-%m-%d %H:%M:%S +0000] ===",
            ),
            events=(
                Event(
                    "Warning",
                    "Unhealthy",
                    'Liveness probe failed: Get "http://10.42.3.9:9292/up": context deadline exceeded',
                    15,
                    0.1,
                    0.9,
                ),
                Event(
                    "Normal",
                    "Killing",
                    "Container app failed liveness probe, will be restarted",
                    5,
                    0.12,
                    0.92,
                ),
            ),
            rate=100,
        ),
        family="events",
    ),
    case(
        "puma-started-twice",
        PROMOTE,
        "The canary's container ended once four seconds after its start, as its database was not yet there, and has served since.",
        Scene(
            PUMA,
            PUMA,
            start=PUMA_BOOT,
            states=(restarted_early,),
            previous=(
                PUMA_BOOT[0],
                "! Unable to load application: PG::ConnectionBad: the database system is starting up",
            ),
            events=(
                Event(
                    "Warning",
                    "BackOff",
                    "Back-off restarting failed container app in pod $pod",
                    1,
                    0.01,
                    0.01,
                ),
            ),
            rate=130,
            weight=30,
            minutes=15,
        ),
        family="events",
    ),
)

"""Failures and harmless news in Portuguese, Indonesian, French and Polish."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added
from cases.scene import Scene

case = partial(Case, family="languages", half="tuned")

PIX: Mix = (
    (50, "$comma INFO [pix] cobrança $hex[8] liquidada, valor R$$ $int[5,900],$int[10,99]"),
    (30, "$comma INFO [pix] QR code gerado para a loja $int[100,999]"),
    (20, "$comma INFO [pix] consulta de saldo em $ms[5,60] ms"),
)
OJEK: Mix = (
    (60, "[$sql] pesanan #$int[10000,99999] diterima oleh pengemudi $int[100,999], jarak $dec[0.5,9,1] km"),
    (40, "[$sql] posisi pengemudi $int[100,999] diperbarui"),
)
MAIRIE: Mix = (
    (55, "$time[%d/%m/%Y %H:%M:%S] INFO  dossier $int[10000,99999] transmis au guichet en $ms[20,200] ms"),
    (25, "$time[%d/%m/%Y %H:%M:%S] INFO  pièce jointe enregistrée ($int[20,900] Ko)"),
    (20, "$time[%d/%m/%Y %H:%M:%S] INFO  connexion de l'agent $int[100,999]"),
)
PACZKI: Mix = (
    (60, "$iso paczka=$int[100000,999999] etykieta wydrukowana, drukarka $int[1,9]"),
    (40, "$iso paczka=$int[100000,999999] nadana, oddział $pick[Łódź|Kraków|Gdańsk|Poznań]"),
)

CASES = (
    case(
        "pix-refused-at-info",
        ROLLBACK,
        'Half of the canary\'s charges are "recusada" since the institution did not answer, at INFO.',
        Scene(
            PIX,
            (
                (22, PIX[0][1]),
                (
                    28,
                    "$comma INFO [pix] cobrança $hex[8] recusada: instituição não respondeu, tempo esgotado",
                ),
                *PIX[1:],
            ),
            every=((15.0, "$comma INFO [actuator] saúde consultada, situação UP"),),
            rate=240,
            weight=15,
        ),
    ),
    case(
        "pix-without-refusals",
        PROMOTE,
        'The canary sums up each minute how many charges were refused, and that is "nenhuma", none.',
        Scene(
            PIX,
            Log(
                (Phase(PIX),),
                every=(
                    (30.0, "$comma INFO [pix] resumo: $int[20,40] liquidadas, recusadas: 0, nenhuma falha"),
                ),
            ),
            minutes=7,
        ),
    ),
    case(
        "driver-not-found",
        ROLLBACK,
        (
            'Seven of ten orders find no driver on the canary, "gagal" without a level, beside positions'
            " that come in as before."
        ),
        Scene(
            OJEK,
            (
                (18, OJEK[0][1]),
                (42, "[$sql] pesanan #$int[10000,99999] gagal: layanan peta tidak merespons"),
                OJEK[1],
            ),
            weight=30,
        ),
    ),
    case(
        "driver-voucher",
        PROMOTE,
        "The canary's new line says that an order has a voucher; all are taken.",
        Scene(
            OJEK,
            added(
                OJEK, (0.2, "[$sql] pesanan #$int[10000,99999] memakai voucher, potongan Rp$int[5,20].000")
            ),
            weight=30,
        ),
    ),
    case(
        "dossier-refuse",
        NOT_PROMOTE,
        (
            "Two of five files are not forwarded by the canary, the desk's certificate is not accepted"
            ' ("impossible de transmettre").'
        ),
        Scene(
            MAIRIE,
            (
                (33, MAIRIE[0][1]),
                (
                    22,
                    (
                        "$time[%d/%m/%Y %H:%M:%S] INFO  impossible de transmettre le dossier"
                        " $int[10000,99999] : certificat du guichet non reconnu"
                    ),
                ),
                *MAIRIE[1:],
            ),
            minutes=12,
            rate=110,
        ),
    ),
    case(
        "dossier-sans-erreur",
        PROMOTE,
        'The canary checks each file before it sends it and says "aucune erreur", no error.',
        Scene(
            MAIRIE,
            added(
                MAIRIE,
                (
                    0.5,
                    (
                        "$time[%d/%m/%Y %H:%M:%S] INFO  contrôle du dossier $int[10000,99999] : aucune"
                        " erreur, aucun rejet"
                    ),
                ),
            ),
            minutes=12,
            rate=110,
        ),
    ),
    case(
        "paczka-nie-nadana",
        ROLLBACK,
        'Parcels that were to be sent are not ("nie nadano"), half of them, no courier\'s number was given.',
        Scene(
            PACZKI,
            (
                PACZKI[0],
                (20, PACZKI[1][1]),
                (20, "$iso paczka=$int[100000,999999] nie nadano: brak numeru listu przewozowego"),
            ),
            rate=75,
            weight=40,
            minutes=13,
        ),
    ),
    case(
        "paczka-ponowiono",
        PROMOTE,
        'A printer was busy and the label came at the second try ("udało się"), a few times on both sides.',
        Scene(
            (
                *PACZKI,
                (2, "$iso paczka=$int[100000,999999] drukarka zajęta, ponowiono, udało się za 2. razem"),
            ),
            (
                *PACZKI,
                (3, "$iso paczka=$int[100000,999999] drukarka zajęta, ponowiono, udało się za 2. razem"),
            ),
            rate=90,
            weight=40,
        ),
    ),
)

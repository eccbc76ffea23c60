"""Portuguese of Brazil, Czech, Ukrainian, Vietnamese, Indonesian, Greek, Finnish, Romanian."""

from cases.case import Case
from cases.languages import Spoken, spoken
from cases.scene import Scene

SERVICES = (
    Spoken(
        "cs",
        "$sql sklad: ",
        "zásilka $int[1000,99999] předána dopravci $int[1,9]",
        "zásilku $int[1000,99999] se nepodařilo předat, spojení odmítnuto",
        "zásilka $int[1000,99999] zvážena: $int[1,30] kg",
        40,
        Scene(""),
    ),
    Spoken(
        "uk",
        "$iso [оплата] ",
        "платіж $int[10000,99999] проведено за $ms[20,200] мс",
        "не вдалося провести платіж $int[10000,99999]: банк не відповідає",
        "платіж $int[10000,99999] позначено як повторюваний",
        50,
        Scene("", weight=20, rate=200),
    ),
    Spoken(
        "vi",
        "$sql don-hang: ",
        "đơn hàng $int[1000,99999] đã giao cho kho $int[1,9]",
        "không thể giao đơn hàng $int[1000,99999]: hết thời gian chờ",
        "đơn hàng $int[1000,99999] có quà tặng",
        45,
        Scene(""),
    ),
    Spoken(
        "id",
        "[$sql] tiket ",
        "kursi $int[1,900] dipesan untuk sesi $hex[8]",
        "gagal memesan kursi $int[1,900]: koneksi ditolak",
        "kursi $int[1,900] dekat jendela",
        50,
        Scene("", weight=40),
    ),
    Spoken(
        "el",
        "$iso τιμές: ",
        "τιμή του προϊόντος $int[1000,9999] ενημερώθηκε",
        "αποτυχία ενημέρωσης του προϊόντος $int[1000,9999]",
        "το προϊόν $int[1000,9999] έχει έκπτωση",
        40,
        Scene(""),
    ),
    Spoken(
        "fi",
        "$sql varaus $int[1000,99999] ",
        "vahvistettu $int[1,6] hengelle",
        "epäonnistui: palvelu ei vastaa",
        "sisältää aamiaisen",
        50,
        Scene("", minutes=8),
    ),
)

CASES: tuple[Case, ...] = tuple(case for service in SERVICES for case in spoken(service, "tuned"))

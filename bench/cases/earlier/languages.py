"""Spanish, Italian, Dutch, Polish, Chinese, Korean, Swedish, Arabic."""

from cases.case import Case
from cases.languages import Spoken, spoken
from cases.scene import Scene

SERVICES = (
    Spoken(
        "es",
        "$sql reserva $int[1000,99999]: ",
        "confirmada para $int[1,6] personas",
        "no se pudo confirmar, tiempo de espera agotado",
        "recordatorio programado para la víspera",
        45,
        Scene(""),
    ),
    Spoken(
        "it",
        "$time[%d/%m/%Y %H:%M:%S] spedizioni - ",
        "collo $int[10000,99999] affidato al corriere $int[1,9]",
        "impossibile stampare l'etichetta del collo $int[10000,99999]: connessione rifiutata",
        "collo $int[10000,99999] pesato: $int[1,30] kg",
        50,
        Scene("", weight=20, rate=200),
    ),
    Spoken(
        "nl",
        "$iso [betaling] ",
        "betaling $int[10000,99999] verwerkt in $ms[20,200] ms",
        "betaling $int[10000,99999] mislukt: geen antwoord van de bank",
        "betaling $int[10000,99999] krijgt een bon per e-mail",
        40,
        Scene("", minutes=6, rate=260),
    ),
    Spoken(
        "pl",
        "$comma zamowienia: ",
        "zamówienie $int[1000,99999] przyjęte, pozycji: $int[1,9]",
        "nie można zapisać zamówienia $int[1000,99999]: brak połączenia z bazą",
        "zamówienie $int[1000,99999] objęte darmową dostawą",
        55,
        Scene("", weight=50),
    ),
    Spoken(
        "zh",
        "$sql 订单服务 ",
        "订单 $int[10000,99999] 已创建，共 $int[1,9] 件商品",
        "订单 $int[10000,99999] 创建失败：库存服务连接超时",
        "订单 $int[10000,99999] 已发送短信通知",
        50,
        Scene("", rate=140),
    ),
    Spoken(
        "ko",
        "$time[%Y-%m-%d %H:%M:%S] 결제 ",
        "승인 $int[10000,99999] 완료, 금액 $int[1000,90000]원",
        "승인 $int[10000,99999] 실패: 서버에 연결할 수 없습니다",
        "승인 $int[10000,99999] 영수증을 보냈습니다",
        45,
        Scene("", pods=(3, 2), weight=40),
    ),
    Spoken(
        "sv",
        "$time[%Y-%m-%d %H:%M:%S] bokning $int[1000,99999] ",
        "sparad, $int[1,4] platser",
        "kunde inte sparas: anslutningen till databasen bröts",
        "har fått ett kvitto per post",
        60,
        Scene("", weight=10, rate=280),
    ),
    Spoken(
        "ar",
        "$iso ",
        "تم تسجيل الطلب $int[1000,99999] بنجاح",
        "تعذر تسجيل الطلب $int[1000,99999]: فشل الاتصال بقاعدة البيانات",
        "تم إرسال إيصال الطلب $int[1000,99999]",
        50,
        Scene("", minutes=15, rate=90),
    ),
)

CASES: tuple[Case, ...] = tuple(case for service in SERVICES for case in spoken(service, "tuned"))

"""German, French, Portuguese, Turkish, Japanese, Russian, Hungarian."""

from cases.case import Case
from cases.languages import Spoken, spoken
from cases.scene import Scene

SERVICES = (
    Spoken(
        "de",
        "$sql Auftrag $int[10000,99999]: ",
        "angenommen, $int[1,9] Positionen, Summe $int[9,900],$int[10,99] EUR",
        "konnte nicht gespeichert werden: Verbindung zur Datenbank fehlgeschlagen",
        "Gutschein eingelöst, Rest $int[1,40],00 EUR",
        45,
        Scene(""),
    ),
    Spoken(
        "fr",
        "$time[%d/%m/%Y %H:%M:%S] [facture] ",
        "facture n° $int[1000,99999] envoyée au client $int[100,9999]",
        "échec de l'envoi de la facture n° $int[1000,99999] : délai d'attente dépassé",
        "facture n° $int[1000,99999] jointe au format PDF/A",
        50,
        Scene("", weight=30, minutes=8),
    ),
    Spoken(
        "pt",
        "$iso entrega=$int[1000,9999] ",
        "pedido enviado para a transportadora $int[1,12]",
        "erro ao calcular o frete: serviço indisponível",
        "endereço confirmado pelo destinatário",
        40,
        Scene("", rate=220, weight=15),
    ),
    Spoken(
        "tr",
        "$comma odeme.servis: ",
        "ödeme $int[10000,99999] tamamlandı, tutar $int[10,900] TL",
        "ödeme $int[10000,99999] başarısız oldu: banka yanıt vermedi",
        "ödeme $int[10000,99999] için puan eklendi",
        55,
        Scene("", rate=120),
    ),
    Spoken(
        "ja",
        "$time[%Y/%m/%d %H:%M:%S] 予約サービス ",
        "予約 $int[1000,99999] を登録しました",
        "予約 $int[1000,99999] の登録に失敗しました: データベースに接続できません",
        "予約 $int[1000,99999] の確認メールを送信しました",
        50,
        Scene("", minutes=12, rate=100),
    ),
    Spoken(
        "ru",
        "$sql [склад] ",
        "заказ $int[1000,99999] собран, мест: $int[1,6]",
        "не удалось собрать заказ $int[1000,99999]: ошибка чтения остатков",
        "заказ $int[1000,99999] упакован в коробку размера $pick[S|M|L]",
        60,
        Scene("", pods=(4, 2), weight=35),
    ),
    Spoken(
        "hu",
        "$time[%Y.%m.%d. %H:%M:%S] ",
        "számla $int[1000,99999] elkészült, összeg $int[900,99000] Ft",
        "a számla $int[1000,99999] nem készült el: a kapcsolat megszakadt",
        "számla $int[1000,99999] elküldve e-mailben is",
        40,
        Scene("", weight=50, rate=180),
    ),
)

CASES: tuple[Case, ...] = tuple(case for service in SERVICES for case in spoken(service, "tuned"))

"""Words of failure in many languages; what undoes them; and what may have passed."""

# ruff: noqa: RUF001 - other alphabets are what it is about

import pytest

from analyzer.logs.failures import may_have_passed, says_failure, says_healed
from analyzer.logs.languages import LANGUAGES

FAILED = {
    "en": [
        "payment declined: connection refused",
        "could not reserve stock",
        "Failed: no such host",
        "worker 0 failed",
        '{"event":"order.shipping_failed","id":7}',
        "PaymentFailed order 7",
    ],
    "de": [
        "Verbindung zur Datenbank fehlgeschlagen",
        "Fehler beim Laden der Preise",
        "Rechnung 7 kann nicht erstellt werden",
    ],
    "fr": [
        "Échec de la connexion au serveur",
        "Impossible d’enregistrer la commande 7",
        "erreur lors du paiement",
    ],
    "es": ["No se pudo guardar el pedido 7", "Error al conectar con la base de datos", "el pago falló"],
    "pt": ["Falha ao gravar o pedido 7", "Não foi possível conectar ao banco", "erro ao ler o arquivo"],
    "it": ["Impossibile salvare l'ordine 7", "errore durante il pagamento", "pagamento fallito"],
    "nl": [
        "Opslaan van bestelling 7 mislukt",
        "Fout bij het verbinden met de database",
        "kan bestand niet openen",
    ],
    "pl": [
        "Nie udało się zapisać zamówienia 7",
        "Błąd połączenia z bazą danych",
        "zapytanie zakończone niepowodzeniem",
    ],
    "ru": ["Не удалось сохранить заказ 7", "Ошибка подключения к базе данных", "сбой при записи"],
    "uk": ["Не вдалося зберегти замовлення 7", "Помилка з'єднання з базою"],
    "tr": [
        "Sipariş 7 kaydedilemedi",
        "Veritabanına bağlanılamadı",
        "ödeme başarısız oldu",
        "Hata: sunucu yanıt vermiyor",
    ],
    "cs": ["Nepodařilo se uložit objednávku 7", "uložení selhalo"],
    "sv": ["Kunde inte spara order 7", "Betalningen misslyckades"],
    "da": ["Kunne ikke gemme ordre 7", "Fejl ved betaling", "Feil under lagring av ordre 7"],
    "fi": ["Tilauksen 7 tallennus epäonnistui"],
    "hu": ["Nem sikerült menteni a rendelést", "A fizetés sikertelen"],
    "ro": ["Nu s-a putut salva comanda 7", "plata a eșuat"],
    "el": ["Αποτυχία αποθήκευσης παραγγελίας 7", "σφάλμα σύνδεσης"],
    "id": ["Gagal menyimpan pesanan 7", "tidak dapat terhubung ke basis data"],
    "vi": ["Không thể lưu đơn hàng 7", "Thanh toán thất bại"],
    "ar": ["فشل حفظ الطلب 7", "تعذر الاتصال بقاعدة البيانات"],
    "hi": ["ऑर्डर 7 सहेजना विफल रहा"],
    "th": ["ไม่สามารถบันทึกคำสั่งซื้อ 7"],
    "sk": ["Objednávku 7 sa nepodarilo uložiť", "chyba pri ukladaní"],
    "sl": ["Naročila 7 ni bilo mogoče shraniti", "napaka pri plačilu"],
    "hr": [
        "Greška pri spremanju narudžbe 7",
        "plaćanje nije uspjelo",
        "грешка при плаћању",
        "плаћање није успело",
    ],
    "bg": ["Грешка при запис на поръчка 7", "плащането е неуспешно"],
    "be": ["Не ўдалося захаваць заказ 7", "памылка злучэння"],
    "lt": ["Nepavyko išsaugoti užsakymo 7", "ryšio klaida"],
    "lv": ["Neizdevās saglabāt pasūtījumu 7", "savienojuma kļūda"],
    "et": ["Tellimuse 7 salvestamine ebaõnnestus", "ühenduse viga"],
    "is": ["Ekki tókst að vista pöntun 7", "Villa kom upp"],
    "ca": ["No s'ha pogut desar la comanda 7", "el pagament ha fallat"],
    "sq": ["Ruajtja e porosisë 7 dështoi", "gabim në lidhje"],
    "az": ["Sifariş 7 üçün xəta baş verdi", "ödəniş uğursuz oldu"],
    "kk": ["Тапсырыс 7 сақтау сәтсіз аяқталды", "байланыс қатесі"],
    "uz": ["Buyurtma 7 saqlashda xatolik", "toʻlov muvaffaqiyatsiz"],
    "ka": ["შეკვეთა 7: შეცდომა"],
    "hy": ["Պատվեր 7: սխալ"],
    "he": ["שמירת הזמנה 7 נכשלה", "שגיאה בחיבור למסד הנתונים"],
    "fa": ["خطا در ذخیره سفارش 7", "پرداخت ناموفق"],
    "ur": ["آرڈر 7 محفوظ کرنے میں خرابی", "ادائیگی ناکام"],
    "bn": ["অর্ডার 7 সংরক্ষণ ব্যর্থ"],
    "ta": ["ஆர்டர் 7: பிழை"],
    "te": ["ఆర్డర్ 7: లోపం"],
    "signs": ["❌ hook 7: HTTP 410", "💥 worker 3"],
    "tl": ["Hindi naipadala ang order 7"],
    "sw": ["Imeshindwa kuhifadhi agizo 7", "hitilafu ya muunganisho"],
    "ja": [
        "決済でエラーが発生しました",
        "ファイルを開けません: 読み込みに失敗",
        "接続がタイムアウトしました",
    ],
    "zh": ["保存订单7失败", "无法连接数据库", "儲存訂單時發生錯誤", "请求超时"],
    "ko": ["주문 7 저장 실패", "데이터베이스에 연결할 수 없습니다", "결제 오류가 발생했습니다"],
}
WELL = {
    "en": [
        "callbacks are deprecated, calls will be refused",
        "healthcheck: 0/5 failed, last error: none", "errors=0 warnings=0", "failed: 0", "error=null", "err=<nil>",
        "3 passed, 0 failed", "0 of 12 checks failed", "0 errors found", "no new errors", "error rate 0.00%", "errors: 0/s",
        "registered the error handler", "exception page enabled", "failed over to the second broker", "never failed",
        '{"msg":"sync done","error":null,"failed":0,"errors":[]}', '{"msg":"sync done","failed":false}',
        "serving /static/error.html", "order 7 accepted", "with 0 exceptions", "failures: none", "sync done without error",
    ],
    "de": ["Import beendet, 0 Fehler", "ohne Fehler beendet", "keine Fehler gefunden", "Fehler: 0", "Fehlerbehandlung aktiv",
           "fehlerfrei abgeschlossen", "Fehler: keine", "0 von 5 Prüfungen fehlgeschlagen"],
    "fr": ["terminé sans erreur", "aucune erreur", "0 erreur", "erreurs : 0", "pas d’erreur", "le fichier n'a pas été modifié"],
    "es": ["terminado sin errores", "sin error", "ningún error", "0 errores", "errores: 0", "fallos: 0"],
    "pt": ["concluído sem erros", "nenhum erro", "0 falhas", "erros: 0"],
    "it": ["completato senza errori", "nessun errore", "0 errori", "errori: 0", "lo fallo dopo"],
    "nl": ["klaar zonder fouten", "geen fouten gevonden", "0 fouten"],
    "pl": ["zakończono bez błędów", "brak błędów", "0 błędów", "błędy: 0", "chyba tak"],
    "ru": ["завершено без ошибок", "ошибок нет", "ошибок: 0", "0 ошибок", "нет ошибок"],
    "uk": ["завершено без помилок", "помилок немає"],
    "tr": ["hata yok", "hata bulunamadı", "0 hata", "hatasız tamamlandı"],
    "cs": ["dokončeno bez chyb"],
    "sv": ["klart utan fel", "inga fel"],
    "da": ["ingen fejl", "uden fejl", "0 feil"],
    "sk": ["dokončené bez chýb", "0 chýb"],
    "sl": ["končano brez napak", "brez napake"],
    "hr": ["završeno bez grešaka", "bez greške", "нема грешке"],
    "bg": ["завършено без грешки", "няма грешка"],
    "lt": ["baigta be klaidų"],
    "ca": ["acabat sense errors", "0 errors"],
    "he": ["הסתיים ללא שגיאות", "אין שגיאה"],
    "fa": ["بدون خطا پایان یافت"],
    "sw": ["imekamilika bila hitilafu"],
    "ja": ["エラーなし", "エラーはありません", "失敗0件", "エラー: 0", "0件失敗", "異常なし", "エラー処理を開始", "タイムアウト値を30秒に設定"],
    "zh": ["无错误", "没有错误", "失败: 0", "0个错误", "未发现异常", "超时时间: 30", "错误数：0", "沒有失敗"],
    "ko": ["오류 없음", "오류가 없습니다", "실패: 0", "0건 실패", "실패하지 않음"],
}  # fmt: skip
PASSING = [
    "call to pricing failed, retrying in 200ms (attempt 1/3)",
    "connection refused; will retry",
    "Verbindung fehlgeschlagen, neuer Versuch in 5 s",
    "接続に失敗しました。再試行します",
    "probe failed: not ready yet",
]
LASTING = [
    "payment failed, order dropped",
    "payment failed after 3 attempts, giving up",
    "retries exhausted: connection refused",
    "lookup failed, will not retry",
    "price lookup failed",
    "request refused: version 1 is deprecated",
]


def _all(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, line) for language, lines in table.items() for line in lines]


@pytest.mark.parametrize(("language", "line"), _all(FAILED))
def test_a_failure_is_one_in_any_language(language: str, line: str) -> None:
    assert language in LANGUAGES
    assert says_failure(line)


@pytest.mark.parametrize(("language", "line"), _all(WELL))
def test_what_did_not_fail_is_no_failure(language: str, line: str) -> None:
    assert language in LANGUAGES
    assert not says_failure(line)


def test_every_language_of_the_table_is_tested() -> None:
    assert FAILED.keys() == LANGUAGES.keys()


@pytest.mark.parametrize("line", PASSING)
def test_a_try_that_is_made_again_may_have_passed(line: str) -> None:
    assert may_have_passed(line)


@pytest.mark.parametrize("line", LASTING)
def test_a_last_try_has_not(line: str) -> None:
    assert not may_have_passed(line)
    assert says_failure(line)


@pytest.mark.parametrize(
    ("line", "healed"),
    [
        ("call succeeded after 2 retries", True),
        ("reconnected to the broker", True),
        ("attempt 2 succeeded", True),
        ("order accepted", False),
        ("retrying", False),
    ],
)
def test_what_says_that_it_worked_in_the_end(line: str, healed: bool) -> None:
    assert says_healed(line) == healed

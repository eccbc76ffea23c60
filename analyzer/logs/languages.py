"""The words by which people log that something failed, and those that undo one, by language."""

# ruff: noqa: RUF001 - other alphabets are what it is about

from typing import NamedTuple


class Words(NamedTuple):
    """Patterns, in small letters: words of failure; what undoes one right before it, and right behind it.

    `endings` are words of failure that others may run into ("Netzwerkfehler"). `spaced`: the language parts
    its words, so that a word is one only between other characters than letters.
    """

    failure: str
    endings: str = ""
    before: str = ""
    behind: str = ""
    spaced: bool = True


LANGUAGES: dict[str, Words] = {
    "en": Words(
        r"fail(?:ed(?! over\b|-over)|ure|ures|s|(?=[.!]?$))|n?ko(?=[.!]?$)|nok(?=[.!]?$)|unable to"
        r"|cannot|can't|could(?: not|n't)|refused|timed out|unhandled"
        r"|denied|(?:exception|error)s?|fatal|segmentation fault|out of memory|unreachable|aborted"
        r"|crashed|killed|deadlocked|deadlock detected|deadline exceeded|i/o timeout|broken pipe"
        r"|connection (?:reset|lost)"
        r"|no such host|no route to host|certificate (?:signed by unknown|has expired|verify failed"
        r"|is not trusted)|self[- ]signed certificate|unknown authority|unable_to_verify_\w+"
        r"|certificate_verify_failed"
        r"|e(?:connrefused|connreset|notfound|timedout|hostunreach|pipe|ai_again)|gave up"
        r"|giving up|corrupt(?:ed)?|rolled back|exhausted",
        # of an event's name: order.shipping_failed
        endings=r"(?:(?<=[a-z][_.])(?:failed|failure)|(?<=[a-z]{2})failed)(?!\.[a-z])",
        before=r"(?:(?:no|without|zero|any)(?: (?:new|more|further|other|fatal|critical|serious|known|single"
        r"|recent|runtime))?|not|never|nothing|if|on|when|free of)",
        behind=r"free\b",
    ),
    "signs": Words(r"❌|✗|✘|⛔|🚨|💥", spaced=False),
    "de": Words(
        r"fehlgeschlagen\w{0,2}|(?:konnten?|kann|können)(?: \w+){0,3} nicht"
        r"|nicht (?:möglich|erreichbar|gefunden)"
        r"|gescheitert|misslungen|abgebrochen|abgelehnt|verweigert|zeitüberschreitung|abgestürzt"
        r"|ausgefallen|fehl(?:t|en)",
        endings=r"fehler[ns]?",
        before=r"(?:(?:keine?[rnms]?|ohne|null)(?: \w+(?<!pointer))?|bei|im)",
    ),
    "fr": Words(
        r"erreurs?|[ée]checs?|[ée]chou[ée]e?s?|impossible(?= d[e'])|n'(?:a|ont) pas pu|ne peu(?:t|vent) pas"
        r"|n'est pas (?:disponible|joignable|accessible)|refus[ée]e?s?"
        r"|d[ée]lai (?:d'attente )?(?:d[ée]pass[ée]|expir[ée])|introuvable",
        before=r"(?:(?:sans|aucune?|z[ée]ro)(?: \w+)?|pas d[e']|en cas d[e'])",
    ),
    "es": Words(
        r"error(?:es)?|fall(?:ó|aron|id[oa]s?|o (?:al|en|de))|no se (?:pudo|pudieron|puede|ha podido)"
        r"|no pudo|imposible \w+|rechazad[oa]s?|denegad[oa]s?|tiempo de espera agotado|excepción|abortad[oa]",
        before=r"(?:(?:sin|ning[uú]n|no hay|no hubo|cero)(?: \w+)?|en caso de)",
    ),
    "pt": Words(
        r"erros?|falhas?|falhou|falharam|não (?:foi|é) poss[ií]vel|não (?:pôde|conseguiu)"
        r"|nao foi possivel|recusad[oa]s?"
        r"|negad[oa]s?|tempo (?:limite )?(?:esgotado|excedido)|exceção|abortad[oa]",
        before=r"(?:(?:sem|nenhuma?|não há|não houve)(?: \w+)?|em caso de)",
    ),
    "it": Words(
        r"error[ei]|fallit[oaie]|fallimento|impossibile|non (?:è (?:stato )?possibile|riuscit[oa]|può"
        r"|ha potuto)|rifiutat[oa]|negat[oa]|eccezione",
        before=r"(?:(?:senza|nessun[oa]?)(?: \w+)?|in caso di)",
    ),
    "nl": Words(
        r"fout(?:en|melding)|mislukte?|(?:kan|kon|konden|kunnen)(?: \w+){0,3} niet"
        r"|niet (?:mogelijk|bereikbaar|gevonden)|geweigerd|afgebroken",
        endings=r"fout",
        before=r"(?:(?:geen|zonder)(?: \w+)?|nul|bij)",
    ),
    "pl": Words(
        r"błąd|błęd(?:u|y|em|ów|ami)|nie (?:udało się|można|powiodł[oa]? się|znaleziono)"
        r"|niepowodzenie\w{0,2}|nieudan\w{1,3}|odmowa|odrzucono|przekroczono (?:limit|czas)|wyjątek|awaria",
        before=r"(?:bez|brak|żadnych)(?: \w+)?",
    ),
    "ru": Words(
        r"ошибк[аиуо]\w{0,2}|ошибок|не (?:удалось|удаётся|удается|может|смог\w{0,2}|найден\w{0,2}"
        r"|получилось)|сбо[йяюе]\w{0,2}"
        r"|отказан\w{0,2}|отклонен\w{0,2}|отклонён|исключение|невозможно|прерван\w{0,2}"
        r"|превышен\w{0,2} (?:врем|интервал|лимит)\w{0,3}",
        before=r"(?:без|нет|ноль|никаких)(?: \w+)?",
        behind=r"(?:нет|не (?:обнаружено|найдено|было))",
    ),
    "uk": Words(
        r"помилк[аиуо]\w{0,2}|помилок|не вдалося|неможливо|збій|відмовлено|відхилено|виняток",
        before=r"(?:без|немає|нуль)(?: \w+)?",
        behind=r"(?:немає|не (?:виявлено|знайдено))",
    ),
    "tr": Words(
        r"başarısız\w{0,6}|hata(?:sı)?(?: oluştu| verdi| alındı| meydana|:| kodu)"
        r"|yapılamıyor|reddedildi|zaman aşımı\w{0,4}|çöktü|istisna|mümkün değil",
        endings=r"(?:[ıiuü]l|n)[ae]m[ae]d[ıi](?:k|lar|ler)?",
        before=r"hata \w{0,20}",
        behind=r"(?:yok|bulunamadı|olmadı)",
    ),
    "cs": Words(
        (
            r"chyb[auy](?::| při| v )|selhal[oaiy]?|selhání|nepodařilo se|nelze|nemohl[oa]?|odmítnut\w{0,2}"
            r"|výjimka|přerušen[oa]?"
        ),
        before=r"(?:bez|žádn\w{1,3})(?: \w+)?",
    ),
    "sv": Words(
        r"fel(?: vid|:| uppstod)|misslyckades|misslyckande\w{0,2}|kunde inte|kan inte|nekad|avvisad|avbröts",
        before=r"(?:inga|inget|utan)(?: \w+)?",
    ),
    "da": Words(  # and Norwegian
        (
            r"fejl(?: ved|:| under)?|feil(?: ved|:| under)?|mislykke(?:de)?s|mislyktes|kunne ikke|kan ikke"
            r"|afvist|avvist|avbrutt"
        ),
        before=r"(?:ingen|uden|uten)(?: \w+)?",
    ),
    "fi": Words(
        r"virhe|epäonnistui|ei voi(?:tu|da)?|ei onnistunut|hylättiin|evätty", before=r"(?:ei|ilman)(?: \w+)?"
    ),
    "hu": Words(r"hiba(?: történt|:)|sikertelen\w{0,3}|nem sikerült|nem lehet\w{0,3}|elutasítva|megszakadt"),
    "ro": Words(
        r"eroare|erori|e[sșş]uat\w{0,2}|nu s-a putut|nu a (?:putut|reușit)|refuzat[aă]?|imposibil",
        before=r"(?:fără|nicio)(?: \w+)?",
    ),
    "el": Words(
        r"σφάλμα\w{0,3}|αποτυχία|απέτυχ[εα]\w{0,2}|αδυναμία|δεν ήταν δυνατ\w{1,3}",
        before=r"(?:χωρίς|κανένα)(?: \w+)?",
    ),
    "id": Words(
        r"gagal|kesalahan|galat|tidak (?:dapat|bisa|ditemukan)|ditolak",
        before=r"(?:tanpa|tidak ada)(?: \w+)?",
    ),
    "vi": Words(r"lỗi|thất bại|không thể|bị từ chối|hết thời gian", before=r"không(?: có)?(?: \w+)?"),
    "ar": Words(
        r"(?:ال)?(?:خطأ|أخطاء)|فشل\w{0,2}|تعذر\w{0,2}|رفض", before=r"(?:بدون|دون|لا|لا توجد|لا يوجد)(?: \w+)?"
    ),
    "sk": Words(
        r"chyb[auy](?::| pri| v )|zlyhal[oaiy]?|zlyhanie|nepodarilo|nedá sa|nemôže|nemohl[oaiy]?"
        r"|odmietnut\w{1,2}|výnimka|prerušen[éáýo]|nedostupn\w{1,2}",
        before=r"(?:bez|žiadn\w{1,3})(?: \w+)?",
    ),
    "sl": Words(
        (
            r"napak[aeoi]|ni (?:bilo )?(?:mogoče|uspelo|dosegljiv\w?)|neuspešn\w{1,3}|zavrnjen\w?"
            r"|prekinjen\w?|izjema"
        ),
        before=r"(?:brez|nobenih?|ni)(?: \w+)?",
    ),
    "hr": Words(  # and Bosnian and Serbian
        r"grešk[aeoiu]|nij?e (?:moguće|uspj?el[oai]?|dostup\w{1,3})|neuspj?eš\w{1,4}|nije uspio|odbijen\w?"
        r"|prekinut\w?|izuzetak|iznimka"
        r"|грешк[аеоиу]|није (?:могуће|успел[оаи]?|доступ\w{1,3})|неуспеш\w{1,4}|одбијен\w?|прекинут\w?",
        before=r"(?:bez|nema|nikakvih|без|нема)(?: \w+)?",
    ),
    "bg": Words(  # and Macedonian
        r"грешк[аиуо](?:та)?|неуспе(?:шн?|х)\w{0,3}|не (?:може|успя\w{0,2}|успеа|можеше|беше възможно)"
        r"|отказан\w?|отхвърлен\w?|прекъснат\w?|изключение|невъзможно",
        before=r"(?:без|няма|нема|нула)(?: \w+)?",
    ),
    "be": Words(r"памылк[аіу]|не ўдалося|немагчыма|адмоўлена", before=r"(?:без|няма)(?: \w+)?"),
    "lt": Words(
        r"klaid(?:a|os|ų)|nepavyko|nepavykęs|negali(?:ma)?|atmest\w{1,3}|nutraukt\w{1,3}",
        before=r"(?:be|nėra)(?: \w+)?",
    ),
    "lv": Words(
        r"kļūda\w{0,2}|neizdevās|neizdevies|nevar(?:ēja)?|noraidīt\w{1,2}|pārtraukt\w{1,2}",
        before=r"(?:bez|nav)(?: \w+)?",
    ),
    "et": Words(
        r"viga|vead|ebaõnnestu\w{1,4}|ei õnnestunud|ei saanud|tagasi lükatud",
        before=r"(?:ilma|pole)(?: \w+)?",
    ),
    "is": Words(
        r"villa (?:kom|við|í)|villa:|mistóks\w?|ekki (?:hægt|tókst)|tókst ekki|hafnað",
        before=r"(?:engin|án)(?: \w+)?",
    ),
    "ca": Words(
        (
            r"errors?|fallad[ae]s?|ha fallat|han fallat|no s'ha(?:n)? pogut|no es pot"
            r"|rebutjad[ae]s?|denegad[ae]s?"
        ),
        before=r"(?:sense|cap|no hi ha)(?: \w+)?",
    ),
    "sq": Words(
        r"gabim\w{0,2}|dështoi|dështim\w{0,2}|nuk mund\w{0,3}|refuzua\w?", before=r"(?:pa|asnjë)(?: \w+)?"
    ),
    "az": Words(r"xəta(?:sı)?(?: baş verdi|:)|uğursuz\w{0,4}|mümkün olmadı|rədd edildi", behind=r"yoxdur"),
    "kk": Words(r"қате(?:лік|сі)?|сәтсіз\w{0,4}|мүмкін емес|қабылданбады", behind=r"жоқ"),
    "uz": Words(r"xato(?:lik)?|muvaffaqiyatsiz|iloji boʻlmadi|rad etildi", behind=r"yoʻq"),
    "ka": Words(r"შეცდომა|ვერ მოხერხდა|უარყოფილია", before=r"გარეშე"),
    "hy": Words(r"սխալ|ձախողվեց|չհաջողվեց|մերժվեց", before=r"առանց"),
    "he": Words(
        r"שגיא(?:ה|ת|ות)|כשל|נכשל(?:ה|ו)?|לא ניתן|נדחתה|נדחה|סורב", before=r"(?:ללא|אין|בלי)(?: \w+)?"
    ),
    "fa": Words(
        r"خطا(?:ی|ها)?|ناموفق|شکست خورد|نتوانست|امکان‌پذیر نیست|رد شد",
        before=r"(?:بدون|هیچ)(?: \w+)?",
        behind=r"(?:نیست|وجود ندارد)",
    ),
    "ur": Words(r"خرابی|ناکام(?:ی)?|غلطی|نہیں ہو سکا|مسترد", before=r"(?:بغیر|کوئی)", behind=r"نہیں"),
    "bn": Words(r"ত্রুটি|ব্যর্থ|সম্ভব হয়নি|প্রত্যাখ্যান", behind=r"নেই", spaced=False),
    "ta": Words(r"பிழை|தோல்வி|முடியவில்லை", behind=r"இல்லை", spaced=False),
    "te": Words(r"లోపం|విఫల|సాధ్యం కాలేదు", behind=r"లేదు", spaced=False),
    "tl": Words(r"hindi (?:na\w{2,10}|ma\w{2,10})|nabigo|tinanggihan", before=r"walang"),
    "sw": Words(
        r"(?:i|u|zi|li|ya)meshindwa\w{0,4}|imeshindikana|hitilafu|imekataliwa",
        before=r"(?:bila|hakuna)(?: \w+)?",
    ),
    "hi": Words(r"त्रुटि|विफल|असफल|नहीं हो सका", behind=r"नहीं", spaced=False),
    "th": Words(r"ผิดพลาด|ล้มเหลว|ไม่สามารถ|ปฏิเสธ", before=r"ไม่มี(?:ข้อ)?", spaced=False),
    "ja": Words(
        (
            r"失敗|エラー|できません|できない|できなかった|例外|異常|拒否"
            r"|タイムアウト(?!値|設定|時間|を設定|[:：=])|障害(?!者)|見つかりません|クラッシュ"
        ),
        before=r"(?:無|ノー)",
        behind=r"(?:は|が|も|の発生)?(?:なし|無し|なく|ありません|ない|無い|しません|しなかった|していません"
        r"|発生していません|ハンドラ|処理を)",
        spaced=False,
    ),
    "zh": Words(
        (
            r"失败|失敗|错误|錯誤|异常|異常|无法|無法|(?:超时|逾時)(?!时间|時間|设置|設定|设为|[:：=])|拒绝"
            r"|拒絕|崩溃|崩潰|不能|未能|出错|出錯"
        ),
        before=r"(?:无|無|没有|沒有|未发现|未發現|未发生|未發生|未|零|没|任何)(?:任何|发生|發生)?",
        behind=r"(?:处理|處理|日志|率)?(?:器|程序)?(?:为零|無|无(?!法))",
        spaced=False,
    ),
    "ko": Words(
        r"실패|오류|에러|예외|할 수 없|못했|못하|거부|시간 초과|찾을 수 없|불가능",
        behind=r"(?:가|는|이|은|도)? ?(?:없|하지 않|되지 않|처리기|처리를)",
        spaced=False,
    ),
}

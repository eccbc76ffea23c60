"""Failures and harmless news in German, Japanese, Turkish and Korean."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added
from cases.scene import Scene

case = partial(Case, family="languages", half="scored")

ZAEHLER: Mix = (
    (60, "$time[%d.%m.%Y %H:%M:%S] Zählerstand $int[10000,99999] übernommen ($int[100,9999] kWh)"),
    (30, "$time[%d.%m.%Y %H:%M:%S] Abschlag für Vertrag $int[1000,9999] berechnet"),
    (10, "$time[%d.%m.%Y %H:%M:%S] Abgleich mit dem Netzbetreiber, $int[2,30] Sätze"),
)
ZAIKO: Mix = (
    (60, "$time[%Y-%m-%d %H:%M:%S] [在庫] 商品 $int[1000,9999] を棚 $int[1,80] に割り当てました"),
    (40, "$time[%Y-%m-%d %H:%M:%S] [在庫] 棚 $int[1,80] の残数を更新しました ($ms[3,40] ms)"),
)
KARGO: Mix = (
    (55, "$comma BİLGİ gönderi $int[100000,999999] şubeye yönlendirildi"),
    (45, "$comma BİLGİ barkod okundu, cihaz $int[1,60]"),
)
YEYAK: Mix = (
    (55, "$sql [예약] 좌석 $int[1,400] 예약 완료, 소요 $ms[5,70]ms"),
    (45, "$sql [예약] 상영 시간표 조회 $int[1,30]건"),
)

CASES = (
    case(
        "zaehlerstand-verworfen",
        ROLLBACK,
        'The canary rejects four of ten readings ("verworfen"), since it does not find the meter.',
        Scene(
            ZAEHLER,
            (
                (36, ZAEHLER[0][1]),
                (
                    24,
                    "$time[%d.%m.%Y %H:%M:%S] Zählerstand $int[10000,99999] verworfen: Zähler nicht auffindbar",
                ),
                *ZAEHLER[1:],
            ),
            minutes=13,
            rate=70,
            weight=40,
        ),
    ),
    case(
        "zaehlerstand-fehlerfrei",
        PROMOTE,
        'A new line of the canary says that a reading was checked and is without errors ("fehlerfrei").',
        Scene(
            ZAEHLER,
            added(
                ZAEHLER,
                (
                    0.4,
                    "$time[%d.%m.%Y %H:%M:%S] Zählerstand $int[10000,99999] geprüft: fehlerfrei, keine Abweichung",
                ),
            ),
            minutes=8,
        ),
    ),
    case(
        "zaiko-warifuri-dekinai",
        ROLLBACK,
        "Half of the goods cannot be assigned to a shelf by the canary, which says so without a level.",
        Scene(
            ZAIKO,
            (
                (30, ZAIKO[0][1]),
                (
                    30,
                    "$time[%Y-%m-%d %H:%M:%S] [在庫] 商品 $int[1000,9999] を割り当てられませんでした: 棚情報の取得に失敗",
                ),
                ZAIKO[1],
            ),
            weight=30,
            every=((60.0, "$time[%Y-%m-%d %H:%M:%S] [在庫] 棚 $int[1,80] のセンサー応答が遅延 (2 秒)"),),
        ),
    ),
    case(
        "zaiko-ijou-nashi",
        PROMOTE,
        'The canary checks its shelves each half minute and finds nothing wrong ("異常なし", "エラー 0 件").',
        Scene(
            ZAIKO,
            Log(
                (Phase(ZAIKO),),
                every=((30.0, "$time[%Y-%m-%d %H:%M:%S] [在庫] 定期点検: 異常なし、エラー 0 件"),),
            ),
            weight=30,
        ),
    ),
    case(
        "kargo-yonlendirilemedi",
        NOT_PROMOTE,
        'A third of the parcels cannot be routed by the canary ("yönlendirilemedi"), the branch does not answer.',
        Scene(
            KARGO,
            (
                (36, KARGO[0][1]),
                (
                    19,
                    "$comma BİLGİ gönderi $int[100000,999999] yönlendirilemedi, şube servisi cevap vermiyor",
                ),
                KARGO[1],
            ),
            rate=120,
        ),
    ),
    case(
        "kargo-hata-yok",
        PROMOTE,
        'The canary sums up that there was no fault ("hata yok") and that no parcel failed.',
        Scene(
            KARGO,
            Log(
                (Phase(KARGO),),
                every=((20.0, "$comma BİLGİ özet: $int[30,60] gönderi, hata yok, başarısız: 0"),),
            ),
            rate=120,
        ),
    ),
    case(
        "yeyak-silpae",
        ROLLBACK,
        'Half of the seats are not reserved by the canary ("예약 실패"), its payment window had expired.',
        Scene(
            YEYAK,
            ((27, YEYAK[0][1]), (28, "$sql [예약] 좌석 $int[1,400] 예약 실패: 결제 시간이 만료됨"), YEYAK[1]),
            weight=20,
            rate=220,
        ),
    ),
    case(
        "yeyak-jaesido",
        PROMOTE,
        'Now and then the canary and stable try a second time, and it succeeds ("재시도 성공").',
        Scene(
            (*YEYAK, (2, "$sql [예약] 좌석 $int[1,400] 잠금 대기, 재시도 성공")),
            (*YEYAK, (2.6, "$sql [예약] 좌석 $int[1,400] 잠금 대기, 재시도 성공")),
            weight=20,
            rate=220,
        ),
    ),
)

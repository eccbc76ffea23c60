"""Whether a line says that it was not done what another one tells as done, in many languages."""

import pytest

from analyzer.logs.denials import denies


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("order <num> not shipped: no address", "order <num> shipped by <*>"),
        ("paczka=<num> nie nadano: brak numeru", "paczka=<num> nadana, oddział <*>"),
        ("Rechnung <num> nicht versandt", "Rechnung <num> versandt"),
        ("заказ <num> не отправлен", "заказ <num> отправлен"),
        ("tilausta <num> ei lähetetty", "tilaus <num> lähetetty"),
        ("objednávka <num> neodeslána", "objednávka <num> odeslána"),
        ("parcel <num> undelivered", "parcel <num> delivered"),
        ("订单 <num> 未发货", "订单 <num> 已发货"),
        ("注文 <num> は送信されませんでした", "注文 <num> を送信しました"),
        ("주문 <num> 발송되지 않음", "주문 <num> 발송됨"),
    ],
)
def test_a_line_denies_what_another_says(text: str, done: str) -> None:
    assert denies(text, done)
    assert not denies(done, text)
    assert not denies(text, text)


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("order <num> shipped to <*>", "order <num> shipped by <*>"),
        ("no coupon for order <num>", "order <num> shipped by <*>"),
        ("order <num> has not been seen before", "order <num> shipped by <*>"),
        ("commande <num> : aucun bon à appliquer", "commande <num> expédiée"),
        ("订单 <num> 已取消", "订单 <num> 已发货"),
        ("not on cache, order <num> read", "order <num> on its way"),
    ],
)
def test_another_remark_denies_nothing(text: str, done: str) -> None:
    assert not denies(text, done)

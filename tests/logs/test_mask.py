"""Lines of many styles come down to one template each, at the level they state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.logs.fields import mask
from analyzer.logs.statuses import deciding_digits

SAME = [  # lines of one template
    (
        "2026-11-03 12:00:00,123 INFO [main] c.s.Cart - priced item 7 in 12 ms",
        "2026-11-04 01:10:09,007 INFO [main] c.s.Cart - priced item 981 in 3 ms",
    ),
    ("took 12ms for 10.0.0.1:8080", "took 1.5s for 192.168.17.4:443"),
    ("range (min(12), max(-7)] is read", "range (min(-900), max(81)] is read"),
    ("read at 12.5 MB/s from disk", "read at 9 KiB/s from disk"),
    ("order 7d444840-9dc0-11d1-b245-5ffdce74fad2 ok", "order 00000000-aaaa-bbbb-cccc-deadbeefdead ok"),
    ("trace 4bf92f3577b34da6 done", "trace a3ce929d0e0e4736 done"),
    ("mail to bob@example.com sent", "mail to carol.d@shop.co.uk sent"),
    ("read /var/lib/cart/a.db 12KiB", "read /var/lib/cart/data/b.db 1.5MiB"),
    ("pod cart-7d9f8b6c5-x2b4q ready", "pod cart-5f6c8d9b44-zz9k8 ready"),
    (
        "GET https://api.shop.example/v1/items/12?page=2 failed",
        "GET https://api.shop.example/v1/items/99182?q=x failed",
    ),
    ('unknown column "price"', 'unknown column "cost"'),
    (r'sync failed err="pods \"cart-7\" not found" n=1', r'sync failed err="pods \"shop\" not found" n=22'),
    ("Jan  2 10:01:02 host-1 sshd[12]: closed", "Feb 14 23:01:02 host-7 sshd[9912]: closed"),
    ("starting cart v1.2.3", "starting cart v1.3.0-rc.1"),
    (
        '{"level":"info","ts":1.5,"msg":"served 12 items","path":"/a"}',
        '{"ts":2.5,"level":"info","msg":"served 7 items","extra":true}',
    ),
    (
        'time="2026-11-03T12:00:00Z" level=info msg="cache hit" key=user:1',
        'time="2026-11-03T12:00:01Z" level=info msg="cache hit" key=user:22 n=1',
    ),
    (
        "I1103 12:00:00.123456       1 sync.go:12] synced node-1",
        "I1104 13:10:07.000001   20419 sync.go:99] synced node-17",
    ),
    (
        '10.0.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET /items/1 HTTP/1.1" 200 12',
        '10.0.0.9 - - [14/Oct/2026:02:10:07 +0000] "GET /items/877 HTTP/1.1" 204 9812',
    ),
]
DIFFERENT = [
    ("connection refused", "connection reset"),
    ('"GET /items/1 HTTP/1.1" 200 12', '"GET /items/1 HTTP/1.1" 500 12'),
    ('{"level":30,"msg":"job failed"}', '{"level":50,"msg":"job failed"}'),
    ('{"msg":"call failed","err":"timeout"}', '{"msg":"call failed","err":"refused"}'),
    (
        'E1103 12:00:00.123456       1 sync.go:12] "Sync failed" err="cart is gone" key="shop/cart-1"',
        'E1103 12:00:00.123456       1 sync.go:12] "Sync failed" err="cart is closed" key="shop/cart-1"',
    ),
    ('pull of cart failed error="forbidden" n=1', 'pull of cart failed error="timeout" n=1'),
    (
        r'sync failed err="failed to \"start\" it: denied" n=1',
        r'sync failed err="failed to \"start\" it: closed" n=1',
    ),
    ("java.lang.NullPointerException: x", "java.lang.IllegalStateException: x"),
    ('{"method":"GET","status":200}', '{"method":"GET","status":503}'),
    ("GET /items/7 200 12.3 ms - 12", "GET /items/7 500 12.3 ms - 12"),
    ("Completed 200 OK in 12ms", "Completed 500 Internal Server Error in 12ms"),
    (
        '[GIN] 2026/11/03 - 12:00:00 | 200 |     1.2ms |  10.0.0.1 | GET      "/items/7"',
        '[GIN] 2026/11/03 - 12:00:00 | 500 |     1.2ms |  10.0.0.1 | GET      "/items/7"',
    ),
]
LEVELS = [
    ("2026-11-03 12:00:00,123 ERROR [main] c.s.Cart - INFO is down", "error"),
    ("2026/11/03 12:00:00 [error] 12#12: *1 connect() failed", "error"),
    ("INFO:root:0 error lines", "info"),
    ("W1103 12:00:00.123456       1 sync.go:12] slow", "warning"),
    ("F1103 12:00:00.123456       1 sync.go:12] gone", "fatal"),
    ('level=warn msg="slow query"', "warning"),
    ('{"severity":"CRITICAL","message":"x"}', "fatal"),
    ('{"level":50,"time":17,"msg":"x"}', "error"),
    ('{"level":3,"short_message":"x"}', "error"),
    ('10.0.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 503 12', "error"),
    ('10.0.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 404 12', "warning"),
    ('INFO:     10.0.0.1:53168 - "GET /items/7 HTTP/1.1" 500 Internal Server Error', "error"),
    ('INFO:     10.0.0.1:53168 - "GET /items/7 HTTP/1.1" 200 OK', "info"),
    ("INFO the shop answered with status=503, trying again", "info"),
    ("GET /items/7 500 12.3 ms - 12", "error"),
    ("GET /items/7 200 12.3 ms - 12", "info"),
    ("GET /items/7 500 ms", "unknown"),
    ("2026-11-03 12:00:00 [INF] HTTP GET /items/7 responded 502 in 12.3 ms", "error"),
    ("info: Request finished HTTP/1.1 GET http://cart/items/7 - 404 - application/json 12.3ms", "warning"),
    ("Completed 500 Internal Server Error in 12ms", "error"),
    ("Completed 500 tasks in 12ms", "unknown"),
    ('[GIN] 2026/11/03 - 12:00:00 | 500 |     1.2ms |  10.0.0.1 | GET      "/items/7"', "error"),
    ("web | 500 | done", "unknown"),
    ('DEBUG https://shop:443 "GET /items/7 HTTP/1.1" 503 12', "debug"),
    ("java.lang.IllegalStateException: cart is closed", "error"),
    ("Caused by: java.net.ConnectException: refused", "error"),
    ("ValueError: bad price", "error"),
    ("panic: runtime error: index out of range [5] with length 3", "fatal"),
    ("2026-11-03 12:00:00.000 UTC [12] FATAL:  password authentication failed", "fatal"),
    ("2026-11-03 12:00:00.000 UTC [12] LOG:  checkpoint complete", "info"),
    ("fail: Shop.Cart[0]", "error"),
    ("[12:00:00] [Server thread/WARN]: cart is slow", "warning"),
    ("[12:00:00 ERR] cart is closed", "error"),
    ("[12:00:00 WRN] cart is slow", "warning"),
    ("Nov  3 12:00:00 combo uwsgi: [error] cart is closed", "error"),
    ("[7] 2026/11/03 12:00:00.123456 [WRN] cart is slow", "warning"),
    ("2026.11.03 12:00:00.123456 [ 12 ] {} <Error> cart is closed", "error"),
    ("Tue Nov  3 12:00:00 2026 kern.err kernel: cart is closed", "error"),
    ("[2026-11-03 12:00:00] production.ERROR: cart is closed", "error"),
    ("E (312) cart: is closed", "error"),
    ("W/Cart( 1702): is slow", "warning"),
    ("[11/3/26 12:00:00:123 UTC] 0000004a CartServlet   E cart is closed", "error"),
    ("Nov  3 12:00:00 node-1 cart[12]: <info>  order is paid", "info"),
    ("login was accepted for user [info] from 10.0.0.1", "unknown"),
    ("Nov  3 12:00:00 combo uwsgi: [info] cart is open", "info"),
    ("the worker has ended: [error] cart is closed", "error"),
    ("the error budget is fine", "unknown"),
    ("hello world", "unknown"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_lines_that_differ_in_values_have_one_template(one: str, two: str) -> None:
    assert mask(one) == mask(two)


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_lines_that_differ_in_meaning_do_not(one: str, two: str) -> None:
    assert mask(one) != mask(two)


@pytest.mark.parametrize(("line", "level"), LEVELS)
def test_the_level_is_the_one_the_line_states_and_an_answered_requests_that_of_its_status(
    line: str, level: str
) -> None:
    assert mask(line).level == level


def test_a_number_in_a_name_is_no_part_of_a_list() -> None:
    assert mask("built cart_3 7 times").template == "built cart_<num> <num> times"
    assert mask("sizes are 3, 7, 9 of cart").template == mask("sizes are 3 of cart").template


def test_a_template_keeps_the_words_and_names_what_it_masked() -> None:
    line = "payment 7d444840-9dc0-11d1-b245-5ffdce74fad2 declined: upstream 10.0.0.1:8443 timed out after 30s"
    assert mask(line).template == "payment <uuid> declined: upstream <ip> timed out after <duration>"
    line = r'sync of 7 failed err="failed to \"start\" it: denied" n=1'
    assert mask(line).template == 'sync of <num> failed err=failed to "<str>" it: denied n=<num>'
    assert (
        mask('{"msg":"call failed","err":"dial tcp 10.0.0.1:80: refused"}').template
        == "call failed error=dial tcp <ip>: refused"
    )


@given(
    st.sampled_from([line for pair in (*SAME, *DIFFERENT) for line in pair] + [line for line, _ in LEVELS]),
    st.data(),
)
def test_only_the_deciding_digits_decide(line: str, data: st.DataObject) -> None:
    kept = deciding_digits(line.encode())
    other = "".join(
        data.draw(st.sampled_from("123456789"))
        if char in "123456789" and index not in kept and line.isascii()
        else char
        for index, char in enumerate(line)
    )
    assert mask(other) == mask(line)


@given(st.text(max_size=200) | st.text(alphabet='{}":=,[]\\0a /.-', max_size=60))
def test_any_text_has_a_template(text: str) -> None:
    assert len(mask(text).template) <= 400


def test_the_quoted_message_of_a_structured_klog_line_is_what_it_says() -> None:
    reconciled = (
        'I1121 08:09:59.197184       1 controller.go:965] "Reconciled"'
        ' object="shop/cart-54648" duration="349ms"'
    )
    enqueued = 'I1121 08:09:59.197184       1 queue.go:88] "Enqueued" key="shop/cart-1" depth=7'
    assert mask(reconciled).template.startswith("Reconciled object=")
    assert mask(enqueued).template.startswith("Enqueued key=")

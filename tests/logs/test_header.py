"""What a logger puts before the message is no part of the template."""

import pytest

from analyzer.logs.fields import mask

SAYS = "cart is closed"
HEADERS = [
    "2026-11-03 12:00:00,123 INFO [main] c.s.Cart - {}",
    "2026-11-03 12:00:00.123  INFO 1 --- [           main] c.s.Cart                : {}",
    "2026-11-03T12:00:00.123Z\tinfo\tcart/cart.go:12\t{}",
    "[2026-11-03 12:00:00,123] INFO [GroupCoordinator 0]: {}",
    "[2026-11-03T12:00:00,123][INFO ][o.e.n.Node               ] [node-1] {}",
    "[2026-11-03 12:00:00.123][1][info][main] [source/server/server.cc:390] {}",
    "2026-11-03 12:00:00.123 | INFO     | app.main:run:12 - {}",
    "[2026-11-03 12:00:00 +0000] [7] [INFO] {}",
    "[2026-11-03 12:00:00,123: INFO/MainProcess] {}",
    "2026-11-03 12:00:00.000 UTC [12] LOG:  {}",
    "2026/11/03 12:00:00 [notice] 12#12: *1 {}",
    "2026/11/03 12:00:00 main.go:12: {}",
    "I, [2026-11-03T12:00:00.123456 #12]  INFO -- : {}",
    "I1103 12:00:00.123456       1 sync.go:12] {}",
    "INFO:shop.cart:{}",
    "INFO:     {}",
    "1:M 03 Nov 2026 12:00:00.123 * {}",
    "Nov  3 12:00:00 node-1 cart[12]: {}",
    "Nov 13 12:00:00 node-1 systemd[1]: {}",
    "Nov  3 12:00:00 node-1 Google Chrome Helper[12]: {}",
    "11-03 12:00:00.123  1702  2395 D CartService: {}",
    "[Tue Nov 03 12:00:00.123456 2026] [notice] [pid 12] {}",
    "20261103-12:00:00:123|Cart_Step|30002312|{}",
    "2026-11-03 12:00:00, Info                  CBS    {}",
    (
        "- 1117838570 2026.11.03 R02-M1-N0-C:J12-U11 2026-11-03-12.00.00.123456 R02-M1-N0-C:J12-U11"
        " RAS KERNEL INFO {}"
    ),
    "cart-api.log.1.2026-11-03_12:00:00 2026-11-03 12:00:00.123 12 INFO shop.api.server [req-1 7 - - -] {}",
    "12:00:00,123 INFO  [com.shop.Cart] (ServerService Thread Pool -- 12) {}",
    "2026-11-03 12:00:00.12 spid51      {}",
    "261103 120000 148 INFO dfs.DataNode$PacketResponder: {}",
    "[11/3/26 12:00:00:123 UTC] e7fae05d CartServlet   I {}",
    "[11/3/26 12:00:00:123 PDT] 00000042 CartServlet   I {}",
    "Tue Nov 13 12:00:00 2026 daemon.info cart: {}",
    "[Nov 03 12:00:00] {}",
    "[Tue Nov 03 12:00:00 2026] {}",
    "[Nov 3, 2026 12:00:00 PM] {}",
    "[03 Nov 12:00:00] {}",
    "[11.03 12:00:00] {}",
    "[11.03|12:00:00] {}",
    "[11/3/2026 12:00:00 PM] {}",
    "[Tue 12:00:00] {}",
    "[20261103 12:00:00] {}",
    "[20261103-120000] {}",
    "[1762171200] {}",
    "[1762171200.123] {}",
    "[    3.123456] {}",
    "<3>{}",
    "<13>Nov  3 12:00:00 node-1 cart[12]: {}",
    "Tue Nov 13 12:00:00 2026 daemon.info cart[12]: {}",
    "2026.11.03 12:00:00.123456 [ 12 ] {{7d444840-9dc0-11d1-b245-5ffdce74fad2}} <Debug> CartTable: {}",
    "[12:00:00 INF] {}",
    "1778889999: {}",
    "[2026-11-03 12:00:00,123] {{cart.py:12}} INFO - {}",
    "    2026-11-03T12:00:00.123Z [INFO]  {}",
    "Nov  3 12:00:00 phone CartApp(Shop)[12] <Notice>: {}",
    "[2026-11-03 12:00:00] production.INFO: {}",
    "[03-Nov-2026 12:00:00] NOTICE: {}",
    "Tue 2026-11-03 12:00:00 UTC node-1 cart.service[12]: {}",
    "[    3.123456] node-1 cart[12]: {}",
    "<165>1 2026-11-03T12:00:00.123Z node-1 cart 12 ID47 - {}",
    '<165>1 2026-11-03T12:00:00.123Z node-1 cart - - [shop@32473 cart="12" of="a ]"] {}',
    "[2026-11-03T12:00:00Z INFO  cart::server] {}",
    "[I 261103 12:00:00 web:12] {}",
    "[I 2026-11-03 12:00:00.123 ServerApp] {}",
    "[3/11 12:00] {}",
    "2026-11-03 12:00:00.123456+00:00 [info] <0.914.0> {}",
    "[NOTICE] 307/120000 (12) : {}",
    "[12:00:00.123] INFO (12): {}",
    "2026-11-03 12:00:00,123 INFO  org.shop.cart.Task                    [] - {}",
    "03-Nov-2026 12:00:00.123 INFO [main] org.shop.cart.Catalina.start {}",
    "2026-11-03 12:00:00,123 node-1 cart.jar[12] INFO  [io.shop.Cart] (main) {}",
    "fail: Shop.Api.Orders[12] {}",
    "[main] INFO com.shop.Cart - {}",
    "12:00PM INF {}",
    "2026-11-03T12:00:00Z WRN {}",
    "2026-11-03T12:00:00Z E! [agent] {}",
    "20261103T120000Z INFO {}",
    "EROR[11-03|12:00:00] {}",
    "[11/3/26 12:00:00:123 UTC] e7fae05d com.shop.cart.CartServlet    I {}",
]
KEPT = [  # a word that a sentence begins with is no header
    ("connection refused", "connection refused"),
    ("error budget is fine", "error budget is fine"),
    ("Error: connect refused", "Error: connect refused"),
    ("ERROR NullPointerException: x", "NullPointerException: x"),
    ("2026-11-03 12:00:00 INFO Failed: disk is full", "Failed: disk is full"),
    ("2026-11-03 12:00:00 INFO [GET] /cart", "[GET] /cart"),
    ("2026-11-03 12:00:00", "<time>"),
    ("Nov  3 12:00:00 mx postfix/qmgr[7]: 1234567890: removed", "<num>: removed"),
    ("2026-11-03 12:00:00 0 errors found", "<num> errors found"),
    ("2026-11-03T12:00:00.123Z INFO 12 orders taken", "<num> orders taken"),
    ("Nov  3 12:00:00 node-1 cart[12]: 1 error found", "<num> error found"),
    ("2026/11/03 12:00:00 7 of 9 carts closed", "<num> of <num> carts closed"),
    ("2026-11-03 12:00:00 (7) carts are closed", "(<num>) carts are closed"),
    ("[    3.123456] usb hub: new device", "usb hub: new device"),
    ("2026-11-03 12:00:00 INFO (again) the cart is closed", "(again) the cart is closed"),
    (
        "Nov  3 12:00:00 node-1 sshd[7]: error: maximum authentication attempts exceeded",
        "maximum authentication attempts exceeded",
    ),
]


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_is_no_part_of_the_template(header: str) -> None:
    assert mask(header.format(SAYS)).template == SAYS


@pytest.mark.parametrize(("line", "template"), KEPT)
def test_what_is_no_header_stays(line: str, template: str) -> None:
    assert mask(line).template == template

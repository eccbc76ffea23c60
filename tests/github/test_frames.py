"""Stack frames of eight runtimes: file, line and function; of packages of others, the name."""

import pytest

from analyzer.github.frames import read_frames


@pytest.mark.parametrize(
    ("lines", "frames"),
    [
        (
            [
                "main.load(0xc0001)",
                "\t/src/cart/prices.go:70 +0x6ef",
                "main.main()",
                "\t/src/cart/main.go:12 +0x1a",
            ],
            [("cart/prices.go:70", "load"), ("cart/main.go:12", "main")],
        ),
        (
            [
                "Traceback (most recent call last):",
                '  File "/app/cart/main.py", line 12, in main',
                "    load()",
                '  File "/app/cart/prices.py", line 42, in load',
                "    raise error",
                "KeyError: 'EUR'",
            ],
            [("cart/prices.py:42", "load"), ("cart/main.py:12", "main")],
        ),
        (["    at async load (/usr/src/app/src/prices.js:42:7)"], [("src/prices.js:42", "load")]),
        (["    at file:///app/src/main.mjs:3:1"], [("src/main.mjs:3", "")]),
        (["\tat com.acme.cart.Prices.load(Prices.java:42)"], [("com/acme/cart/Prices.java:42", "load")]),
        (
            ["   at Acme.Cart.Prices.Load(String s) in /src/Cart/Prices.cs:line 42"],
            [("Cart/Prices.cs:42", "Load")],
        ),
        (["   at Acme.Cart.Prices.Load(String s)"], [("Acme.Cart.Prices", "Load")]),
        (["/app/lib/prices.rb:42:in `load': no price (RuntimeError)"], [("lib/prices.rb:42", "load")]),
        (
            ["   1: shop::prices::load", "             at ./src/prices.rs:42:5"],
            [("src/prices.rs:42", "load")],
        ),
        (["#0 /var/www/html/src/Prices.php(42): load()"], [("src/Prices.php:42", "")]),
        (["level=info msg=started port=8080"], []),
    ],
)
def test_a_frame_is_read(lines: list[str], frames: list[tuple[str, str]]) -> None:
    assert [(frame.where(), frame.function) for frame in read_frames(lines)] == frames


@pytest.mark.parametrize(
    ("line", "package"),
    [
        (
            '  File "/usr/lib/python3.12/site-packages/sqlalchemy/engine.py", line 88, in execute',
            "sqlalchemy",
        ),
        ("    at query (/app/node_modules/@scope/pg/lib/client.js:7:1)", "@scope/pg"),
        ("    at q (/app/node_modules/knex/node_modules/pg/lib/client.js:7:1)", "pg"),
        ("\t/go/pkg/mod/github.com/lib/pq@v1.9.0/conn.go:214 +0x1a", "github.com/lib/pq"),
        ("\tfrom /usr/local/bundle/gems/pg-1.5.4/lib/pg/connection.rb:58:in `exec'", "pg"),
        (
            "             at /root/.cargo/registry/src/index.crates.io-6f17/sqlx-core-0.7.1/src/pool.rs:91:5",
            "sqlx-core",
        ),
        ("\tat org.hibernate.Session.run(Session.java:4) ~[hibernate-core-6.1.jar:6.1]", "hibernate-core"),
    ],
)
def test_a_frame_of_a_package_has_its_name_and_no_file(line: str, package: str) -> None:
    (frame,) = read_frames([line])
    assert (frame.path, frame.packages) == ("", (package,))


def test_the_innermost_frames_come_first_each_once() -> None:
    trace = ["panic: no", "main.a()", "\t/src/a.go:1 +0x1", "main.b()", "\t/src/b.go:2 +0x1"]
    frames = read_frames([*trace, *trace])
    assert [(frame.where(), frame.place) for frame in frames] == [("a.go:1", 0), ("b.go:2", 1)]

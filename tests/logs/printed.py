"""Exceptions as each runtime prints them; `{0}` is a number."""

JAVA = """2026-11-03 12:00:00,123 ERROR [main] c.s.Cart - cannot price item {0}
java.lang.IllegalStateException: cart {0} is closed
\tat com.shop.Cart.price(Cart.java:{0})
\tat com.shop.Main.main(Main.java:9)
Caused by: java.net.ConnectException: Connection refused
\tat java.base/sun.nio.ch.Net.connect0(Native Method)
\t... {0} more
"""
PYTHON = """ERROR:root:cannot price {0}
Traceback (most recent call last):
  File "/app/cart.py", line {0}, in price
    return table[item]
           ~~~~~^^^^^^
KeyError: 'x{0}'
"""
GO = """panic: runtime error: index out of range [{0}] with length 3

goroutine {0} [running]:
main.price(0xc000{0})
\t/app/main.go:{0} +0x1d
created by main.main in goroutine 1
\t/app/main.go:9 +0x1d
exit status 2
"""
NODE = """Error: connect ECONNREFUSED 10.0.0.{0}:5432
    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16) {{
  errno: -111,
  code: 'ECONNREFUSED'
}}
"""
DOTNET = """Unhandled exception. System.InvalidOperationException: cart {0} is closed
   at Shop.Cart.Price(Int32 item) in /src/Cart.cs:line {0}
   --- End of inner exception stack trace ---
   at Shop.Program.Main()
"""
DOTNET_LOGGER = """fail: Shop.Cart[0]
      Cannot price item {0}
      System.InvalidOperationException: cart {0} is closed
         at Shop.Cart.Price(Int32 item) in /src/Cart.cs:line {0}
"""
RUBY = """cart.rb:{0}:in 'price': cart {0} is closed (RuntimeError)
\tfrom cart.rb:{0}:in '<main>'
"""
RUST = """thread 'main' panicked at src/main.rs:{0}:5:
cart {0} is closed
stack backtrace:
   0: cart::price
             at ./src/main.rs:{0}:5
note: run with `RUST_BACKTRACE=full` for a verbose backtrace.
"""

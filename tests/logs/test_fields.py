"""JSON and logfmt lines are told by message, method, route, status and error; all else is a parameter."""

import pytest

from analyzer.logs.fields import mask

TOLD = [
    (
        "msg=request method=GET path=/cart/123 status=200",
        "request method=GET path=/cart/<*> status=2xx",
        "info",
    ),
    (
        "msg=request method=get path=/cart/123?x=1 status=503 dur=3ms",
        "request method=GET path=/cart/<*> status=5xx",
        "error",
    ),
    (
        '{"msg":"request completed","req":{"method":"GET","url":"/api/items/7"},"res":{"statusCode":503},"level":30}',
        None,
        "error",
    ),
    (
        "level=info msg=request method=GET path=/cart/7 status=401",
        "request method=GET path=/cart/<*> status=4xx",
        "warning",
    ),
    (
        "level=debug msg=request method=GET path=/cart/7 status=503",
        "request method=GET path=/cart/<*> status=5xx",
        "debug",
    ),
    ('msg="order 7 is paid"', "order <num> is paid", "unknown"),
    ('user="order 7 is paid"', 'user="<str>"', "unknown"),
    ('level=info msg="shop answered" status=503', "shop answered status=5xx", "info"),
    (
        '{"levelname":"INFO","message":"10.0.0.1:5318 - \\"GET /cart/7 HTTP/1.1\\" 500"}',
        '<ip> - "GET /cart/<*> HTTP/<num>" 5xx',
        "error",
    ),
    (
        '{"level":"INFO","message":"{\\"msg\\":\\"order 7 paid\\",\\"level\\":\\"warn\\"}"}',
        "order <num> paid",
        "warning",
    ),
    ('{"message":"{\\"msg\\":\\"order 7 paid\\",\\"level\\":\\"warn\\"}"}', "order <num> paid", "warning"),
    ('{"level":40,"msg":"slow"}', "slow", "warning"),
    ('{"severity":"ERROR","jsonPayload":{"message":"no stock of 7"}}', "no stock of <num>", "error"),
    (
        '{"level":"error","msg":"failed","error":{"type":"KeyError","message":"key 7"}}',
        "failed error=KeyError key <num>",
        "error",
    ),
    (
        '{"msg":"failed","exc_info":"Traceback (most recent call last):\\n  File x\\nKeyError: 7"}',
        "failed error=KeyError: <num>",
        "unknown",
    ),
    (
        '{"level":"error","message":"Traceback (most recent call last):\\n  File x\\nKeyError: 7"}',
        "Traceback (most recent call last): error=KeyError: <num>",
        "error",
    ),
    (
        '{"level":"error","message":"no price\\nTraceback (most recent call last):\\n  File x\\nKeyError: 7"}',
        "no price error=KeyError: <num>",
        "error",
    ),
    (
        '{"level":"ERROR","message":"no price","thrown":{"name":"a.Gone","message":"7"}}',
        "no price error=a.Gone <num>",
        "error",
    ),
    (
        '{"level":"ERROR","message":"no price","exception":{"exception_class":"a.Gone","exception_message":"7"}}',
        "no price error=a.Gone <num>",
        "error",
    ),
    ('{"method":"GET","path":"/cart/7","status":404}', "method=GET path=/cart/<*> status=4xx", "warning"),
    ('{"a":1,"b":"x y"}', "{a=<num> b=x y}", "unknown"),
    (
        'level=error msg=failed err="dial tcp 10.0.0.1:80: refused"',
        "failed error=dial tcp <ip>: refused",
        "error",
    ),
]
ACCESS = [
    '10.0.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET /items/7?q=x HTTP/1.1" 503 12 "-" "curl/8.4"',
    '10.9.9.1 - alice [13/Nov/2026:12:01:00 +0000] "GET /items/981 HTTP/2.0" 502 9812 "https://x.example/" "Mozilla/5.0 (X11; Linux)"',
]


@pytest.mark.parametrize(("line", "template", "level"), TOLD)
def test_a_line_of_fields_is_told_by_what_names_the_event(
    line: str, template: str | None, level: str
) -> None:
    expected = "request completed method=GET path=/api/items/<*> status=5xx" if template is None else template
    assert mask(line) == (expected, level)


@pytest.mark.parametrize("line", ACCESS)
def test_an_access_log_is_told_by_method_route_and_class_of_status(line: str) -> None:
    assert mask(line) == ("GET /items/<*> 5xx", "error")


def test_another_method_route_or_class_is_another_template() -> None:
    lines = [f"msg=request method={method} path={path} status={status}" for method, path, status in (
        ("GET", "/cart/1", 200), ("POST", "/cart/1", 200), ("GET", "/users/1", 200), ("GET", "/cart/1", 500), ("GET", "/cart/1/items", 200)
    )]  # fmt: skip
    assert len({mask(line).template for line in lines}) == len(lines)

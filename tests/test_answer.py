import json

import jsonschema
import msgspec
import pytest

from analyzer.answer import Answer, answer_schema

GOOD = {
    "verdict": "rollback",
    "confidence": 90,
    "summary": "s",
    "root_cause": "",
    "remediation": "",
    "findings": ["F1"],
    "quotes": [],
}


def test_the_schema_is_json_schema_and_takes_what_an_answer_is() -> None:
    jsonschema.Draft202012Validator.check_schema(answer_schema())
    jsonschema.validate(GOOD, answer_schema())
    assert msgspec.convert(GOOD, Answer).verdict == "rollback"


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "maybe"},
        {"confidence": 101},
        {"confidence": -1},
        {"confidence": 0.9},
        {"confidence": "90"},
        {"findings": "F1"},
        {"extra": 1},
    ],
)
def test_the_schema_refuses_what_an_answer_is_not(change: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**GOOD, **change}, answer_schema())


@pytest.mark.parametrize("field", sorted(GOOD))
def test_the_schema_asks_for_every_field(field: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({key: value for key, value in GOOD.items() if key != field}, answer_schema())


def test_the_schema_is_flat_as_the_model_servers_need_it() -> None:
    assert "$" not in json.dumps(answer_schema())

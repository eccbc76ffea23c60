"""What a model is asked to answer: the one place that says its fields, and what of them is read though it is not written as asked.

| field                   | is read as well                                   | is not, for it has two readings                      |
| ----------------------- | ------------------------------------------------- | ---------------------------------------------------- |
| verdict                 | `ROLLBACK`, `Cannot tell`                         | any other word                                       |
| confidence              | `90.0`, `"90"`, `"90 %"`                          | 0.85 and 1.0: a share to one model, percent to another |
| findings                | `f1`, `"F1, F2"`, null for none                   | what is more or less than ids                        |
| quotes                  | a single text, null for none                      |                                                      |
| root_cause, remediation | null for empty                                    |                                                      |
"""

import re
from typing import Annotated, Any, Literal

import msgspec

from analyzer.value import Value

Choice = Literal["promote", "rollback", "cannot_tell"]


class Answer(Value, forbid_unknown_fields=False):
    """A model's answer, as the schema in the prompt asks for it. Text is for people; the rules read the first two fields."""

    verdict: Annotated[Choice, msgspec.Meta(description="cannot_tell when the evidence does not decide it")]
    confidence: Annotated[int, msgspec.Meta(ge=0, le=100, description="how sure you are of the verdict, in percent")]
    summary: Annotated[str, msgspec.Meta(description="two sentences for the engineer who was woken up")]
    root_cause: Annotated[str, msgspec.Meta(description="the most likely cause, or empty")] = ""
    remediation: Annotated[str, msgspec.Meta(description="what to change next, or empty")] = ""
    findings: Annotated[tuple[str, ...], msgspec.Meta(description="ids of the findings it rests on, such as F1")] = ()
    quotes: Annotated[tuple[str, ...], msgspec.Meta(description="exact excerpts of the evidence it rests on")] = ()


def answer_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `Answer`, without references, every field required: the subset each model server accepts."""
    schema: dict[str, Any] = msgspec.json.schema(Answer)["$defs"]["Answer"]
    properties = {name: {key: value for key, value in field.items() if key != "default"} for name, field in schema["properties"].items()}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def as_asked(said: dict[str, Any]) -> dict[str, Any]:
    """An answer's object with what has one reading written as it was asked for: the table of this module. All else stays, to be refused."""
    return {name: _READ[name](value) if name in _READ else value for name, value in said.items()}


def _verdict(value: Any) -> Any:
    return _VERDICTS.get(value.strip().lower(), value) if isinstance(value, str) else value


def _confidence(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() and value != 1 else value
    percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    return value if percent is None or (percent[2] and int(percent[1]) == 1) else int(percent[1])


def _findings(value: Any) -> Any:
    if isinstance(value, list):
        return [each for item in value for each in (_ids(item) if isinstance(item, str) else [item])]
    return _ids(value) if isinstance(value, str) else _listed(value)


def _ids(text: str) -> list[str]:
    ids = text.replace(",", " ").replace(";", " ").split()
    return [each.upper() for each in ids] if all(map(_ID.fullmatch, ids)) else [text]


def _listed(value: Any) -> Any:
    return [] if value is None else [value] if isinstance(value, str) else value


def _text(value: Any) -> Any:
    return "" if value is None else value


_VERDICTS = {
    "promote": "promote",
    "rollback": "rollback",
    "roll back": "rollback",
    "cannot_tell": "cannot_tell",
    "cannot tell": "cannot_tell",
}
_PERCENT = re.compile(r"\s*([0-9]{1,3})(\.0{1,9})?\s?%?\s*")
_ID = re.compile("[Ff][0-9]{1,9}")
_READ = {
    "verdict": _verdict,
    "confidence": _confidence,
    "findings": _findings,
    "quotes": _listed,
    "root_cause": _text,
    "remediation": _text,
}

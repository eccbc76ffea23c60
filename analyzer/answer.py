"""The answer that a model is asked for. This module alone defines its fields, and which other spellings are
accepted.

| field                   | is accepted as well             | is refused, as it has two meanings |
| ----------------------- | ------------------------------- | ---------------------------------- |
| verdict                 | `ROLLBACK`, `Cannot tell`       | any other word                     |
| confidence              | `90.0`, `"90"`, `"90 %"`        | 0.85 and 1.0: a share, or percent  |
| findings                | `f1`, `"F1, T2"`, null for none | anything but ids                   |
| quotes                  | a single text, null for none    |                                    |
| root_cause, remediation | null for empty                  |                                    |
"""

import re
from typing import Annotated, Any, Literal

import msgspec

from analyzer.common.value import Value

Choice = Literal["promote", "rollback", "cannot_tell"]


class Answer(Value, forbid_unknown_fields=False):
    """A model's answer, by the schema in the prompt. The texts are for people; the rules use the verdict and
    the confidence.
    """

    verdict: Annotated[Choice, msgspec.Meta(description="cannot_tell when the evidence does not decide it")]
    confidence: Annotated[
        int, msgspec.Meta(ge=0, le=100, description="how sure you are of the verdict, in percent")
    ]
    summary: Annotated[str, msgspec.Meta(description="two sentences for the engineer who was woken up")]
    root_cause: Annotated[str, msgspec.Meta(description="the most likely cause, or empty")] = ""
    remediation: Annotated[str, msgspec.Meta(description="what to change next, or empty")] = ""
    findings: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="ids of the findings and lines it rests on, such as F1 or T1"),
    ] = ()
    quotes: Annotated[
        tuple[str, ...], msgspec.Meta(description="exact excerpts of the evidence it rests on")
    ] = ()


def answer_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `Answer`, without references, with every field required: the subset
    that each model server accepts.
    """
    schema: dict[str, Any] = msgspec.json.schema(Answer)["$defs"]["Answer"]
    properties = {
        name: {key: value for key, value in field.items() if key != "default"}
        for name, field in schema["properties"].items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def normalize_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an answer in the spelling of the schema, by the table of this module. Other values
    stay as they are, to be refused.
    """
    return {
        name: _NORMALIZERS[name](value) if name in _NORMALIZERS else value for name, value in fields.items()
    }


def _normalize_verdict(value: Any) -> Any:
    """Return the verdict that a word means, or the value unchanged."""
    return _VERDICTS.get(value.strip().lower(), value) if isinstance(value, str) else value


def _normalize_confidence(value: Any) -> Any:
    """Return the percentage that a number or text means, or the value unchanged."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and value != 1 else value
    percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    return value if percent is None or (percent[2] and int(percent[1]) == 1) else int(percent[1])


def _normalize_findings(value: Any) -> Any:
    """Return the list of ids that a value means, or the value unchanged."""
    if isinstance(value, str):
        return _split_ids(value)
    if isinstance(value, list):
        return [part for item in value for part in (_split_ids(item) if isinstance(item, str) else [item])]
    return _to_list(value)


def _split_ids(text: str) -> list[str]:
    """Return the ids in a text in capitals, or the text itself if it holds anything else."""
    ids = text.replace(",", " ").replace(";", " ").split()
    return [finding_id.upper() for finding_id in ids] if all(map(_ID.fullmatch, ids)) else [text]


def _to_list(value: Any) -> Any:
    """Return a list for null and for a single text, or the value unchanged."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _to_text(value: Any) -> Any:
    """Return an empty text for null, or the value unchanged."""
    return "" if value is None else value


_VERDICTS = {
    "promote": "promote",
    "rollback": "rollback",
    "roll back": "rollback",
    "cannot_tell": "cannot_tell",
    "cannot tell": "cannot_tell",
}
_PERCENT = re.compile(r"\s*([0-9]{1,3})(\.0{1,9})?\s?%?\s*")
_ID = re.compile("[FfTtLl][0-9]{1,9}")
_NORMALIZERS = {
    "verdict": _normalize_verdict,
    "confidence": _normalize_confidence,
    "findings": _normalize_findings,
    "quotes": _to_list,
    "root_cause": _to_text,
    "remediation": _to_text,
}

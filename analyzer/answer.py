"""What a model is asked to answer: the one place that says its fields."""

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

"""Traps of the container's environment: variables that set no option, and invalid values."""

from collections.abc import Iterator

from analyzer.check.container import find_mentioned
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.reading import find_bad_variables
from analyzer.common.nearest import nearest
from analyzer.options.variables import nearest_variable, variable_like
from analyzer.settings.option import PREFIX

NEAR_VARIABLE = 0.9  # of difflib's ratio: a letter or two
# what is read beside options
KEYS = (
    "A2A_TOKEN",
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "GOOGLE_CLOUD_LOCATION",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "OLLAMA_API_KEY",
    "OLLAMA_HOST",
    "OPENAI_API_KEY",
    "PROMETHEUS_PASSWORD",
    "PROMETHEUS_TOKEN",
    "PROMETHEUS_USERNAME",
)


def check_variables(manifests: Manifests) -> Iterator[Trap]:
    """Check every container that runs this product."""
    for call in find_calls(manifests):
        yield from _check_names(call, manifests.lines.variables)
        for at in call.container["env"].elements():
            if at["value"] and at["valueFrom"]:
                what = f"{at['name'].text()} has both a value and a valueFrom: Kubernetes refuses the Job"
                yield Trap(at, what, "leave one of the two out")
        for name, error in find_bad_variables(call, manifests.lines).items():
            at = call.environment.places.get(name, call.at)
            yield Trap(
                at,
                f"{name} in the environment would end the container with code 2: {error}",
                error.advice or f"see rollout-analyzer {call.command} --help",
            )


def _check_names(call: AnalyzerCall, known: tuple[str, ...]) -> Iterator[Trap]:
    """Check the names of variables. One that the command line uses as $(NAME) is the team's own."""
    used = find_mentioned(call.container)
    for name, at in call.environment.places.items():
        written = variable_like(name)
        own = written.startswith(PREFIX)
        if name in (*known, *KEYS) or name in used or name.startswith("OPENAI_API_KEY_"):
            continue
        if own or nearest(written, known, NEAR_VARIABLE):
            meant = nearest_variable(name, known)
            advice = (
                f"did you mean {meant}?"
                if meant
                else f"leave it out; options: rollout-analyzer {call.command} --help"
            )
            yield Trap(
                at,
                (
                    f"the environment variable {name} sets no option: it does nothing,"
                    " or ends the run with code 2"
                ),
                advice,
            )
        elif near := nearest(written, KEYS, NEAR_VARIABLE):
            what = f"the environment variable {name} is used by no model and not for Prometheus"
            yield Trap(at, what, f"did you mean {near}?", "note")

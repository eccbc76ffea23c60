"""Traps of the container's environment: variables that set no option, and values that none takes."""

from collections.abc import Iterator
from difflib import get_close_matches

from analyzer.check.container import mentioned
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.ours import Ours, ours
from analyzer.check.traps.reading import refused
from analyzer.options.kinds import PREFIX
from analyzer.options.layers import nearest, variable_like

NEAR = 0.9  # of difflib's ratio: a letter or two
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
)  # what is read beside options


def variables(manifests: Manifests) -> Iterator[Trap]:
    """Of every container that runs this product."""
    for each in ours(manifests):
        yield from _names(each, manifests.lines.variables)
        for at in each.container["env"].each():
            if at["value"] and at["valueFrom"]:
                what = f"{at['name'].text()} has both a value and a valueFrom: Kubernetes refuses the Job"
                yield Trap(at, what, "leave one of the two out")
        for name, error in refused(each, manifests.lines).items():
            at = each.environment.places.get(name, each.at)
            yield Trap(
                at,
                f"{name} in the environment would end the container with code 2: {error}",
                error.advice or f"see rollout-analyzer {each.command} --help",
            )


def _names(each: Ours, known: tuple[str, ...]) -> Iterator[Trap]:
    """A name that the command line is made of by $(NAME) is somebody's own."""
    used = mentioned(each.container)
    for name, at in each.environment.places.items():
        written = variable_like(name)
        own = written.startswith(PREFIX)
        if name in (*known, *KEYS) or name in used or name.startswith("OPENAI_API_KEY_"):
            continue
        if own or get_close_matches(written, known, n=1, cutoff=NEAR):
            meant = nearest(name, known)
            advice = f"did you mean {meant}?" if meant else f"leave it out; options: rollout-analyzer {each.command} --help"
            yield Trap(at, f"the environment variable {name} sets no option: it does nothing, or ends the run with code 2", advice)
        elif near := get_close_matches(written, KEYS, n=1, cutoff=NEAR):
            what = f"the environment variable {name} is none that a model or Prometheus is asked with"
            yield Trap(at, what, f"did you mean {near[0]}?", "note")

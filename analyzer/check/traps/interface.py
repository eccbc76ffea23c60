"""The seam of the traps: what of a manifest does not do what it seems to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from analyzer.check.documents import Document, Node
from analyzer.check.interface import Parse
from analyzer.settings import Settings

COMMANDS = ("analyze", "guard")
PRODUCT = "rollout-analyzer"
DEADLINE = "ROLLOUT_ANALYZER_DEADLINE"
TEMPLATES = ("AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun")


@dataclass(frozen=True)
class Trap:
    """What happens, where, and what to do. A "note" is worth knowing, and may be meant."""

    at: Node
    what: str
    advice: str
    state: Literal["note", "wrong"] = "wrong"


@dataclass(frozen=True)
class Manifests:
    """One document, all that were given with it, and how a container's arguments are read."""

    document: Document
    every: tuple[Document, ...]
    parse: Parse

    def template(self, name: str, *, cluster: bool = False) -> Document | None:
        """The template that a reference names, where it was given."""
        kind = "ClusterAnalysisTemplate" if cluster else "AnalysisTemplate"
        return next((each for each in self.every if each.kind == kind and each.name == name), None)


Rule = Callable[[Manifests], Iterator[Trap]]


@dataclass(frozen=True)
class Ours:
    """A metric whose Job runs this product: the metric, the Job's spec, its pod's, and our container."""

    metric: Node
    job: Node
    pod: Node
    container: Node

    @property
    def command(self) -> str:
        """What the container runs: `analyze`, `guard`, or empty where that cannot be told."""
        return next((word for word in self.words() if word in COMMANDS), "")

    def words(self) -> tuple[str, ...]:
        """Its command line."""
        return tuple(node.text() for key in ("command", "args") for node in self.container[key].each())

    def arguments(self) -> list[str]:
        """What follows the command."""
        words = list(self.words())
        return words[words.index(self.command) + 1 :] if self.command else []


def ours(document: Document) -> Iterator[Ours]:
    """Each metric of a template that runs this product."""
    if document.kind not in TEMPLATES:
        return
    for metric in document.root["spec"]["metrics"].each():
        job = metric["provider"]["job"]["spec"]
        pod = job["template"]["spec"]
        container = next((each for each in pod["containers"].each() if _is_ours(each)), None)
        if container is not None:
            yield Ours(metric, job, pod, container)


def _is_ours(container: Node) -> bool:
    """By its image's name or its program's; a mirror may call the image otherwise, and the command is ours still."""
    words = [node.text() for key in ("command", "args") for node in container[key].each()]
    return PRODUCT in container["image"].text() or any(PRODUCT in word for word in words[:1]) or words[:1] in ([each] for each in COMMANDS)


def settings(job: Ours, parse: Parse) -> Settings | None:
    """What the container's command line amounts to, None where its deadline cannot be told. UsageError where it does not hold.

    An option whose value Argo or Kubernetes fills in is left out. The environment counts for the deadline alone; a config file is
    in the pod, not here.
    """
    words = job.arguments()
    config = next((index for index, word in enumerate(words) if word == "--config"), None)
    if config is not None:
        words = words[:config] + words[config + 2 :]
    words = [word for word in words if not word.startswith("--config=")]
    unknown = [index for index, word in enumerate(words) if "{{" in word or "$(" in word]
    unknown += [index - 1 for index in unknown if not words[index].startswith("--")]
    if not job.command or any(words[index].startswith("--deadline") for index in unknown):
        return None
    words = [word for index, word in enumerate(words) if index not in unknown]
    told = next((each["value"].text() for each in job.container["env"].each() if each["name"].text() == DEADLINE and each["value"]), "")
    return parse(job.command, [f"--deadline={told or Settings().deadline}", *words])

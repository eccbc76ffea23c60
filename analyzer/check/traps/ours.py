"""The metrics whose Job runs this product: how its container calls it, and what that amounts to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.check import shell
from analyzer.check.container import UNKNOWN, Environment, environment, words
from analyzer.check.documents import Document, Node
from analyzer.check.shell.programs import PRODUCT, named
from analyzer.check.traps.interface import TEMPLATES, Manifests

COMMANDS = ("analyze", "guard")


@dataclass(frozen=True)
class Ours:
    """The metric, the Job's spec, its pod's, our container, the environment that our program finds there, and the words behind its name.

    `codes` is what each of our exit codes becomes, empty where that cannot be told; `wrapped`: a shell stays beside us. `never`: why
    our program is not run at all.
    """

    metric: Node
    job: Node
    pod: Node
    container: Node
    environment: Environment
    words: tuple[str, ...]
    codes: Mapping[int, int]
    wrapped: bool = False
    never: str = ""

    @property
    def command(self) -> str:
        """What the container runs: `analyze`, `guard`, or empty."""
        return self.words[0] if self.words and self.words[0] in COMMANDS else ""

    def arguments(self) -> list[str]:
        """What follows the command."""
        return list(self.words[1:]) if self.command else []

    @property
    def account(self) -> Node:
        """Its pod's service account; `serviceAccount` is the older name, which counts where the newer is not given."""
        newer, older = self.pod["serviceAccountName"], self.pod["serviceAccount"]
        return newer if newer.text() or not older else older

    @property
    def at(self) -> Node:
        """Where its command line is written."""
        command, args = self.container["command"], self.container["args"]
        return command if command and not args.value else args or command or self.container


def ours(manifests: Manifests, document: Document | None = None, given: Mapping[str, str] | None = None) -> Iterator[Ours]:
    """Each way in which a metric of a template runs this product. `given` are arguments that replace the template's own."""
    document = document or manifests.document
    if document.kind not in TEMPLATES:
        return
    spec = document.root["spec"]
    arguments = {each["name"].text(): each["value"].text() for each in spec["args"].each() if each["value"]} | dict(given or {})
    for metric in spec["metrics"].each():
        job = metric["provider"]["job"]["spec"]
        pod = job["template"]["spec"]
        for key in ("containers", "initContainers"):
            for container in pod[key].each():
                variables = environment(container, manifests.every, arguments)
                command, args = (words(container, part, variables, arguments) for part in ("command", "args"))
                for each in _ways(command, args, container["image"].text(), variables):
                    found = Ours(metric, job, pod, container, *each)
                    if key == "containers" or found.command:
                        yield found


Way = tuple[Environment, tuple[str, ...], Mapping[int, int], bool, str]


def _ways(command: tuple[str, ...], args: tuple[str, ...], image: str, variables: Environment) -> Iterator[Way]:
    """How a container calls us, if it does; a mirror may call our image otherwise, and the command is ours still."""
    same: Mapping[int, int] = {int(code): int(code) for code in shell.ANSWERS}
    by_image = PRODUCT in image
    if not command:
        twice = bool(args) and named(args[0]) == PRODUCT
        if by_image or twice or (args and args[0] in COMMANDS):
            never = f"args repeats {args[0]}, which the image begins with anyway" if by_image and twice else ""
            yield variables, args[twice:], same, False, never
        return
    called = shell.calls((*command, *args), variables.values, image=by_image)
    if called and called.never:
        yield variables, (), same, False, "the script around the command ends before it: rollout-analyzer is never run"
    elif called:
        for number, each in enumerate(called.invocations):
            found = Environment(each.environ, variables.places, variables.open or each.sourced)
            told = called.codes[number] if called.codes else {}
            yield found, each.words if called.codes else _guessed(command, args), told, called.wrapped, ""
    elif command[0] in COMMANDS:
        yield variables, (*command, *args), same, False, f"command replaces the image's entrypoint, and there is no program {command[0]!r}"
    elif PRODUCT in command[0] or by_image:
        shown = command[0][:60]
        yield variables, (), same, False, f"the container runs {shown!r} in place of rollout-analyzer: nothing is judged"


def _guessed(command: tuple[str, ...], args: tuple[str, ...]) -> tuple[str, ...]:
    """What a script that cannot be read most likely runs, with options that nobody knows."""
    text = " ".join((*command, *args)).split()
    return (next((word for word in text if word in COMMANDS), UNKNOWN), UNKNOWN)

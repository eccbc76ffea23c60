"""The metrics whose Job runs this product: how its container calls it, with which words and environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.check import shell
from analyzer.check.container import UNKNOWN, Environment, read_environment, read_words
from analyzer.check.documents import Document, Node
from analyzer.check.shell.programs import PRODUCT, program_name
from analyzer.check.traps.interface import TEMPLATES, Manifests
from analyzer.common.short import cut

COMMANDS = ("analyze", "guard")


@dataclass(frozen=True)
class AnalyzerCall:
    """A call of our program: the metric, the Job's spec, the pod's spec, the container, the environment of
    our program, and the words after its name.

    `codes` is what each of our exit codes becomes, empty if that is not known. `wrapped`: a shell stays
    around us. `never`: why our program is not run at all.
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
        """Return what the container runs: `analyze`, `guard`, or empty."""
        return self.words[0] if self.words and self.words[0] in COMMANDS else ""

    def arguments(self) -> list[str]:
        """Return the words after the command."""
        return list(self.words[1:]) if self.command else []

    @property
    def account(self) -> Node:
        """Return the pod's service account. `serviceAccount` is the older name, which counts if the newer is
        not given.
        """
        newer, older = self.pod["serviceAccountName"], self.pod["serviceAccount"]
        return newer if newer.text() or not older else older

    @property
    def at(self) -> Node:
        """Return where its command line is written."""
        command, args = self.container["command"], self.container["args"]
        return command if command and not args.value else args or command or self.container


def find_calls(
    manifests: Manifests, document: Document | None = None, overrides: Mapping[str, str] | None = None
) -> Iterator[AnalyzerCall]:
    """Yield each way in which a metric of a template runs this product. `overrides` are arguments that
    replace the template's own.
    """
    document = document or manifests.document
    if document.kind not in TEMPLATES:
        return
    spec = document.root["spec"]
    arguments = {
        argument["name"].text(): argument["value"].text()
        for argument in spec["args"].elements()
        if argument["value"]
    } | dict(overrides or {})
    for metric in spec["metrics"].elements():
        job = metric["provider"]["job"]["spec"]
        pod = job["template"]["spec"]
        for key in ("containers", "initContainers"):
            for container in pod[key].elements():
                variables = read_environment(container, manifests.documents, arguments)
                command, args = (
                    read_words(container, part, variables, arguments) for part in ("command", "args")
                )
                for way in _find_ways(command, args, container["image"].text(), variables):
                    call = AnalyzerCall(metric, job, pod, container, *way)
                    if key == "containers" or call.command:
                        yield call


Way = tuple[Environment, tuple[str, ...], Mapping[int, int], bool, str]


def _find_ways(
    command: tuple[str, ...], args: tuple[str, ...], image: str, variables: Environment
) -> Iterator[Way]:
    """Yield how a container calls us. A mirror may give our image another name, and the command is still
    ours.
    """
    same: Mapping[int, int] = {int(code): int(code) for code in shell.ANSWERS}
    by_image = PRODUCT in image
    if not command:
        twice = bool(args) and program_name(args[0]) == PRODUCT
        if by_image or twice or (args and args[0] in COMMANDS):
            never = f"args repeats {args[0]}, which is the image's entrypoint" if by_image and twice else ""
            yield variables, args[twice:], same, False, never
        return
    called = shell.find_invocations((*command, *args), variables.values, image=by_image)
    if called and called.never:
        yield (
            variables,
            (),
            same,
            False,
            "the script around the command ends before it: rollout-analyzer is never run",
        )
    elif called:
        for number, invocation in enumerate(called.invocations):
            inner = Environment(invocation.environ, variables.places, variables.open or invocation.sourced)
            codes = called.codes[number] if called.codes else {}
            yield (
                inner,
                invocation.words if called.codes else _guess_words(command, args),
                codes,
                called.wrapped,
                "",
            )
    elif command[0] in COMMANDS:
        yield (
            variables,
            (*command, *args),
            same,
            False,
            f"command replaces the image's entrypoint, and there is no program {command[0]!r}",
        )
    elif PRODUCT in command[0] or by_image:
        shown = cut(command[0], 60)
        yield (
            variables,
            (),
            same,
            False,
            f"the container runs {shown!r} in place of rollout-analyzer: nothing is judged",
        )


def _guess_words(command: tuple[str, ...], args: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that a script which cannot be read most likely runs, with unknown options."""
    text = " ".join((*command, *args)).split()
    return (next((word for word in text if word in COMMANDS), UNKNOWN), UNKNOWN)

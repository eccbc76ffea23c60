"""The options, in the groups that commands take: one list, from which the command line, the environment's names and the settings follow."""

from typing import get_args

import click

from analyzer.options.kinds import Bounded, Duration, File, Line, Size, option, section, together
from analyzer.options.layers import read_config
from analyzer.settings import Consensus, OnDoubt, Settings, Tell, Telling

_defaults = Settings()


def _stands_alone(_context: click.Context, _parameter: click.Parameter, effects: tuple[str, ...]) -> tuple[str, ...]:
    if "none" in effects and set(effects) != {"none"}:
        others = " and ".join(sorted(set(effects) - {"none"}))
        raise click.BadParameter(f"'none' is no effect at all, and {others} cannot be had beside it: leave one of the two out")
    return effects


TARGET = "What is compared"
LOOK = "How much is looked at"
ENOUGH = "How much must be seen"
ASKED = "What is asked"
JURY = "Who is asked"
DECIDED = "How it is decided"
TOLD = "What is done with the answer"

_sides = section(
    TARGET,
    option("--namespace", "-n", default="", help="Namespace of the rollout. By default the AnalysisRun's, or the context's."),
    option("--rollout", default="", help="Name of the Rollout to judge. In the Job of an Argo metric none is needed."),
    option("--stable-hash", default="", help="Pod template hash of the stable side, instead of asking the Rollout."),
    option("--canary-hash", default="", help="Pod template hash of the canary side."),
    option("--stable-selector", default="", help="Label selector of the stable side, where pods carry role labels."),
    option("--canary-selector", default="", help="Label selector of the canary side."),
    option("--context", default="", help="Context of the kubeconfig, as kubectl has it."),
    option("--kubeconfig", default="", type=File(), help="Kubeconfig file, as kubectl has it. In a pod none is needed."),
)

where_options = together(
    option(
        "--config",
        default="",
        type=File(),
        is_eager=True,
        callback=read_config,
        help="YAML file of what options say, and of what none can: queries, gates, severities, secrets of your own.",
    ),
    _sides,
    section(
        LOOK,
        option("--since", type=Duration(least=1), default="10m", help="How far back to look."),
    ),
    option("--deadline", type=Duration(least=1), default="5m", help="Time for all of it; then it answers."),
    option("--redact-emails", is_flag=True, help="Mask e-mail addresses as secrets are."),
    click.option("--verbose", is_flag=True, help="Show causes of errors and where the time went."),
)

look_options = section(
    LOOK,
    option("--log-bytes", type=Size(), default="4MiB", help="Bytes read of one container's log."),
    option("--log-bytes-total", type=Size(), default="1536MiB", help="Bytes read of all logs."),
    option(
        "--log-pods",
        type=click.IntRange(1),
        default=_defaults.look.log_pods,
        help="Pods of a side whose logs are read; of more, a fair sample.",
    ),
    option("--observe", type=Duration(), default="0s", help="How long to watch the pods first."),
    option(
        "--context-selector",
        "context_selectors",
        multiple=True,
        type=Line(),
        metavar="NAME=SELECTOR",
        help="Other pods whose logs both sides share, such as gateway=app=gateway. Repeatable.",
    ),
    option("--prometheus", "prometheus_url", default="", metavar="URL", help="Prometheus' root. What to ask it is in the config file."),
    option("--prometheus-ca", default="", type=File(), help="PEM file of the authority that vouches for Prometheus."),
    option("--prometheus-token-file", default="", type=File(), help="File of its bearer token; or set PROMETHEUS_TOKEN."),
)

target_options = together(where_options, look_options)

min_age_option = section(
    ENOUGH,
    option("--min-age", type=Duration(), default="1m", help="How old a pod is before its fault counts."),
)

_recorded = section(
    TARGET,
    option(
        "--evidence",
        default="",
        type=File(stream=True),
        metavar="FILE|configmap:NAMESPACE/NAME",
        help="Judge this bundle or record instead of a cluster; - for stdin.",
    ),
)

_enough = section(
    ENOUGH,
    option(
        "--min-canary-age",
        type=Duration(),
        default="0s",
        help="How long the canary must have been Ready to be judged.",
    ),
    option("--min-requests", type=click.IntRange(0), default=0, help="Requests the canary must have logged to be judged. 0: none."),
)

_question = section(
    ASKED,
    option("--template", default="", type=File(), help="Jinja file to render the prompt from."),
    option("--extra-prompt", default="", help='What your team adds to the prompt, such as "Ignore colour changes".'),
    option(
        "--previous",
        multiple=True,
        type=File(),
        help="Record of an earlier judgement of the same canary (--save), for the prompt: it decides nothing. Repeatable.",
    ),
    option("--prompt-tokens", type=click.IntRange(500), default=_defaults.ask.prompt_tokens, help="What a prompt may take, as estimated."),
    option("--investigate", is_flag=True, help="Let models look closer before they answer: read-only, this target only, bounded."),
    option(
        "--investigate-steps",
        type=click.IntRange(1, 20),
        default=_defaults.ask.investigate_steps,
        help="How often a model may ask to look, with --investigate.",
    ),
)

replay_options = together(_recorded, min_age_option, _enough, _question)

_jury = section(
    JURY,
    option(
        "--model",
        "models",
        multiple=True,
        metavar="MODEL",
        help="builtin, gemini[:NAME], ollama[:NAME], openai:NAME@URL, agent:URL or scripted:FILE. Repeatable.",
    ),
    option("--ollama-pull", is_flag=True, help="Have Ollama pull a model that it lacks, within the deadline."),
    option(
        "--weight",
        "weights",
        multiple=True,
        metavar="MODEL=NUMBER",
        help="What a model's verdict counts beside the others', by default 1, such as gemini=2. Repeatable.",
    ),
)

_rules = section(
    DECIDED,
    option(
        "--consensus", type=click.Choice(get_args(Consensus)), default=_defaults.rules.consensus, help="How verdicts become one answer."
    ),
    option(
        "--quorum",
        type=click.IntRange(0),
        default=0,
        show_default="a majority of those asked",
        help="Verdicts needed to decide anything; promotes needed to promote.",
    ),
    option("--min-share", type=Bounded(0, 1), default=_defaults.rules.min_share, help="Share of the votes that promote needs."),
    option("--min-confidence", type=Bounded(0, 100), default=_defaults.rules.min_confidence, help="Mean confidence promote needs."),
    option(
        "--on-inconclusive",
        type=click.Choice(get_args(OnDoubt)),
        default="fail",
        help="What an inconclusive answer does: exits with 4, with 0, or pauses the Rollout and then exits with 0.",
    ),
    option(
        "--on-error",
        type=click.Choice(get_args(OnDoubt)),
        default="fail",
        help="What exit code 5 becomes: itself, 0, or 0 once the Rollout is paused.",
    ),
    option("--require", multiple=True, metavar="SOURCE", help="Evidence without which nothing is decided: logs, events, … Repeatable."),
)

judge_options = together(_jury, _rules)

report_options = section(
    TOLD,
    option("--output", type=click.Choice(["text", "json"]), default="text", help="The report on stdout."),
    option(
        "--save",
        default="",
        type=File(),
        metavar="FILE|configmap:NAME",
        help="Keep the whole record, to judge it again: in this file (.gz compresses it), or in a ConfigMap beside the Rollout.",
    ),
    option(
        "--effect",
        "effects",
        multiple=True,
        type=click.Choice(get_args(Telling)),
        default=Tell().effects,
        callback=_stands_alone,
        show_default="event and annotations",
        help="Where an AnalysisRun that asks is told the answer: an Event on it and on the Rollout, its annotations, or none. Repeatable.",
    ),
    option("--link", default="", metavar="URL", help="Where people find more, such as this Job's logs: for the AnalysisRun's annotations."),
    option("--termination-log", default="", type=click.Path(), help="Short report for Kubernetes, by default in /dev/termination-log."),
)

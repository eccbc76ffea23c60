"""The settings for models: which to ask, and what."""

from typing import Annotated

import msgspec

from analyzer.settings.option import DECIDING, PROMPTING, REPLAYING, Group, Section, described, option
from analyzer.settings.sections import Price


class Ask(Group):
    """What to ask of whom.

    `template`: empty for the one that ships. `prices` replace or add to the list prices.
    """

    models: Annotated[
        tuple[str, ...],
        option(
            Section.MODELS,
            "builtin, gemini[:NAME], ollama[:NAME], openai:NAME@URL, agent:URL or scripted:FILE.",
            DECIDING,
            name="--model",
            metavar="MODEL",
        ),
    ] = ()
    ollama_pull: Annotated[
        bool,
        option(
            Section.MODELS,
            "Let Ollama pull a missing model, within the deadline.",
            DECIDING,
            seldom=True,
        ),
    ] = False
    template: Annotated[
        str,
        option(Section.PROMPT, "Jinja template of the prompt.", PROMPTING, kind="file", seldom=True),
    ] = ""
    extra_prompt: Annotated[
        str,
        option(
            Section.PROMPT,
            'Text that your team adds to the prompt, such as "Ignore colour changes".',
            PROMPTING,
        ),
    ] = ""
    previous: Annotated[
        tuple[str, ...],
        option(
            Section.PROMPT,
            "Record of an earlier run (--save), shown to the models. It decides nothing.",
            REPLAYING,
            kind="file",
            seldom=True,
        ),
    ] = ()
    prompt_tokens: Annotated[
        int,
        option(
            Section.PROMPT,
            "Maximum size of the prompt, estimated.",
            PROMPTING,
            kind="tokens",
            ge=500,
            seldom=True,
        ),
    ] = 8000
    investigate: Annotated[
        bool,
        option(
            Section.PROMPT,
            "Let models look at more evidence before they answer. Read-only and bounded.",
            PROMPTING,
        ),
    ] = False
    investigate_steps: Annotated[
        int,
        option(
            Section.PROMPT,
            "Maximum number of looks per model with --investigate.",
            PROMPTING,
            kind="rounds",
            ge=1,
            le=20,
            seldom=True,
        ),
    ] = 6
    prices: Annotated[
        dict[str, Price], described("Prices of models, by the name that reports give them.")
    ] = msgspec.field(default_factory=dict)

"""Effects change the world and return receipts; reports only render. A new effect is one file here and its
line below.
"""

from collections.abc import Callable
from dataclasses import replace

from analyzer.cluster import Cluster
from analyzer.common.deadline import Deadline
from analyzer.common.lazy_imports import load_object
from analyzer.effects.interface import Effect, EffectContext, not_done
from analyzer.errors import AnalyzerError
from analyzer.records.record import FIX
from analyzer.records.record_store import is_configmap
from analyzer.settings import Settings

Asked = Callable[[Settings], object]  # true where the settings may lead to the effect

# In this order: the pause decides the exit code, the ConfigMap is where the record is found, and the issue
# has an address, which the others tell. Keys are `module:class`, so that an effect costs nothing until it is
# asked for.
EFFECTS: dict[str, Asked] = {
    "analyzer.effects.pause:Pause": lambda settings: (
        "pause" in (settings.policy.on_inconclusive, settings.policy.on_error)
    ),
    "analyzer.effects.configmap:ConfigMapEffect": lambda settings: is_configmap(settings.tell.save),
    "analyzer.effects.issue:IssueEffect": lambda settings: settings.issues.github_repo,
    "analyzer.effects.status:StatusEffect": lambda settings: settings.issues.github_repo,
    "analyzer.effects.webhook:WebhookEffect": lambda settings: (
        settings.notices.handoff_webhook or settings.notices.notify
    ),
    "analyzer.effects.annotations:Annotations": lambda settings: settings.tell.effects,
    "analyzer.effects.event:EventEffect": lambda settings: settings.tell.effects,
    "analyzer.effects.fix:FixEffect": lambda settings: settings.issues.suggest_fix,
}

MAX_SECONDS = 30.0  # seconds for all of them: an API server that hangs must not hold the answer back
FIXING = 60.0  # more seconds where a model is asked for a fix
SHARE = 0.5  # of the time that is left, for each: the next one may do better


def carry_out(
    context: EffectContext, connect: Callable[[Deadline], Cluster], deadline: Deadline
) -> EffectContext:
    """Apply every effect that is enabled, and return the context with their receipts. No effect can fail the
    run.
    """
    loaded = [load_effect(place) for place, asked in EFFECTS.items() if asked(context.settings)]
    effects = [effect for effect in loaded if effect.is_enabled(context)]
    if not effects:
        return context
    most = MAX_SECONDS + (FIXING if any(effect.name == FIX for effect in effects) else 0.0)
    until = Deadline.after(min(most, deadline.remaining()))
    try:
        cluster = connect(until)
    except AnalyzerError as error:
        return replace(context, receipts=tuple(not_done(effect.name, error) for effect in effects))
    for effect in effects:
        try:
            receipt = effect.apply(context, cluster.within(until.share(SHARE)))
        except AnalyzerError as error:
            receipt = not_done(effect.name, error)
        context = replace(context, receipts=(*context.receipts, receipt))
    return context


def load_effect(place: str) -> Effect:
    """Import and return an effect by its `module:class`."""
    effect: Effect = load_object(place)()
    return effect

"""Effects change the world and return receipts; reports only render. A new effect is one file here and its
line below.
"""

from collections.abc import Callable
from dataclasses import replace

from analyzer.cluster import Cluster
from analyzer.common.deadline import Deadline
from analyzer.effects.annotations import Annotations
from analyzer.effects.configmap import ConfigMapEffect
from analyzer.effects.event import EventEffect
from analyzer.effects.fix import FixEffect
from analyzer.effects.interface import Effect, EffectContext, not_done
from analyzer.effects.issue import IssueEffect
from analyzer.effects.pause import Pause
from analyzer.effects.status import StatusEffect
from analyzer.effects.webhook import WebhookEffect
from analyzer.errors import AnalyzerError

# In this order: the pause decides the exit code, the ConfigMap is where the record is found, and the issue
# has an address, which the others tell.
EFFECTS: tuple[Effect, ...] = (
    Pause(),
    ConfigMapEffect(),
    IssueEffect(),
    StatusEffect(),
    WebhookEffect(),
    Annotations(),
    EventEffect(),
    FixEffect(),
)

MOST = 30.0  # seconds for all of them: an API server that hangs must not hold the answer back
FIXING = 60.0  # more seconds where a model is asked for a fix
SHARE = 0.5  # of the time that is left, for each: the next one may do better


def carry_out(
    context: EffectContext, connect: Callable[[Deadline], Cluster], deadline: Deadline
) -> EffectContext:
    """Apply every effect that is enabled, and return the context with their receipts. No effect can fail the
    run.
    """
    effects = [effect for effect in EFFECTS if effect.is_enabled(context)]
    if not effects:
        return context
    most = MOST + (FIXING if any(effect.name == FixEffect.name for effect in effects) else 0.0)
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

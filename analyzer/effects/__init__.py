"""Effects change the world and return receipts; reports only render. A new effect is one file here and its line below."""

from collections.abc import Callable
from dataclasses import replace

from analyzer.cluster import Cluster
from analyzer.deadline import Deadline
from analyzer.effects.annotations import Annotations
from analyzer.effects.configmap import ConfigMap
from analyzer.effects.event import Event
from analyzer.effects.interface import Effect, Occasion, not_done
from analyzer.effects.pause import Pause
from analyzer.errors import AnalyzerError

# In this order: the pause decides the exit code and the ConfigMap is where the record is found, which the others tell.
EFFECTS: tuple[Effect, ...] = (Pause(), ConfigMap(), Annotations(), Event())

MOST = 30.0  # seconds for all of them: an API server that hangs must not hold the answer back
SHARE = 0.5  # of the time that is left, for each: the next one may do better


def carry_out(occasion: Occasion, connect: Callable[[Deadline], Cluster], deadline: Deadline) -> Occasion:
    """The occasion with the receipts of every effect that it asks for. None can fail the run."""
    asked = [effect for effect in EFFECTS if effect.asked(occasion)]
    if not asked:
        return occasion
    until = Deadline.after(min(MOST, deadline.remaining()))
    try:
        cluster = connect(until)
    except AnalyzerError as error:
        return replace(occasion, receipts=tuple(not_done(effect.name, error) for effect in asked))
    for effect in asked:
        try:
            receipt = effect.apply(occasion, cluster.within(until.share(SHARE)))
        except AnalyzerError as error:
            receipt = not_done(effect.name, error)
        occasion = replace(occasion, receipts=(*occasion.receipts, receipt))
    return occasion

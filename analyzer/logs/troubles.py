"""Whether a line speaks of trouble: of work that was not done, done in part, put off or tried again, in words
that are no failure by themselves.

One such line says little. Many of them, on one side alone, say that something is the matter; of what every
service does now and then, as skipping or putting off, only where it stands in the place of work.
"""

import re
from functools import lru_cache

from analyzer.logs.failures import find_standing, says_failure

_DONE = (  # what was not done
    r"(?:sent|stored|saved|written|read|delivered|processed|handled|available|reachable|responding|valid"
    r"|verified|checked|published|accepted|applied|committed|connected|loaded|imported|exported|updated"
    r"|synced|synchronised|synchronized|flushed|booked|moved|created|resolved|answered|acknowledged|supported"
    r"|permitted|authorised|authorized|authenticated|trusted|working|possible|allowed|healthy|alive|completed"
    r"|finished|replicated|indexed|uploaded|downloaded|received|produced|executed|rendered|printed)"
)
_NONE = (  # what there is none of
    r"(?:leader|response|answer|reply|route|healthy|available|broker|brokers|server|servers|backend|backends"
    r"|upstream|data source|capacity|space|master|primary|quorum|connection|connections|worker|workers"
    r"|consumer|consumers|heartbeat|handler|such)"
)
_TROUBLE = re.compile(
    r"(?<![\w/.=-])(?:"
    r"dropp(?:ed|ing)|discard(?:ed|ing)|reject(?:ed|ing)|abandon(?:ed|ing)|degraded|offline|unavailable"
    r"|unhealthy|unresponsive|unauthori[sz]ed|forbidden|unreadable|unparseable|undeliverable|incorrect|inconsistent"
    r"|inconsistency|insufficient|interrupted|incomplete"
    r"|miss(?:ed|es) (?:[0-9]+ |<num> )?(?:heartbeats?|deadlines?|beats?|pings?|ticks?|polls?)"
    r"|mismatch(?:es|ed)?|malformed|invalid|unexpected"
    r"|unknown (?:column|field|table|key|method|command|topic|host|user|type|error|option|property|function"
    r"|message|version|schema)"
    r"|undefined (?:method|function|variable|index|reference|property|column|table|symbol)"
    r"|(?:certificate|licen[cs]e|token|credentials?|lease|password|subscription)s? "
    r"(?:has |have |is |was )?expired"
    r"|exceed(?:ed|s)|overload(?:ed)?|overflow(?:ed|ing)?|overrun|throttl(?:ed|ing)|rate[- ]limited|too many"
    r"|(?:queue|buffer|disk|pool|cache|storage|volume|mailbox|backlog|ring|table|device) (?:is |was )?full"
    r"|no space left|read-only file ?system"
    rf"|not (?:yet |be |been |being |currently |re-?)?{_DONE}|un(?:able|done|delivered|sent|processed|saved"
    rf"|acknowledged|reachable)|no (?:more |other |longer )?{_NONE}|has no (?:leader|owner|handler|route)"
    r"|put off|re-?queued|re-?queueing|nack(?:ed)?|(?:in)?to (?:the )?(?:dead[- ]?letters?|dlq)"
    r"|dead[- ]lettered|dead letters? encountered"
    r"|block(?:ed|ing) for|stall(?:ed|ing|s)?|stuck|hung|hangs|lag(?:s|ged|ging)? behind"
    r"|out of (?:sync|order|memory|disk|space|range)"
    r"|(?:lost|lose|losing)|loss of|gone away|(?:worker|peer|node|leader|client|server|broker|host|process) "
    r"(?:is |was |has )?gone"
    r"|disconnect(?:ed|s|ing)?|(?:closed|closing|ended) (?:unexpectedly|abruptly|prematurely)|unexpectedly"
    r"|prematurely|abruptly"
    r"|re-?connect(?:ing|s)|re-?balanc(?:ing|es)|re-?elect(?:ing|ion)"
    r"|re-?try(?:ing)?(?= (?:in|after|again|#?[0-9])|[;,.]|$)|backing off"
    r"|(?:circuit|breaker)\b[^.;]{0,40}\b(?:open(?:ed)?|tripped|half[- ]open)(?! (?:for|after|at|above) )"
    r"|bounced?|(?:unhandled|unmatched|unroutable|misrouted|mangled|garbled|clipped|wedged|starved|starving"
    r"|jammed)"
    rf"|never (?:{_DONE}|arrive[ds]?|came|comes|answer(?:s|ed)?|return(?:s|ed)?|finish(?:es|ed)?|end(?:s|ed)?"
    r"|responds?)"
    r"|(?:is|was|are|looks?|seems?) (?:wrong|broken|bad|missing|lost|gone|dead|down|inaccessible|unusable"
    r"|undefined)"
    r"|nan|duplicate key|violat(?:es|ed|ion)|deadlocks?|split[- ]brain"
    r"|(?:clock|time) (?:skew|drift|jump(?:ed)?)"
    r"|empty (?:list|result|response|answer|reply|set|body|page) (?:is |was )?(?:given|returned|used|served"
    r"|sent)"
    r"|low (?:memory|disk)|(?:40[13]|429|50[0234])(?= (?:un|for|from|on|by|too|bad|service|gateway|internal)"
    r"|[:,;]|$)"
    # Oracle's, Db2's, SQL Server's and MongoDB's codes, in a line or in its template.
    r"|(?:ora|tns|pls)-(?:[0-9]{5}|<num>)|sqlcode ?[=:] ?(?:-[0-9]|<num>)|(?:sqlcode|db2 sql) error"
    r"|sql(?:[0-9]{4}|<num>)n"
    r"|msg (?:[0-9]+|<num>), level (?:1[1-9]|<num>)|e11000|(?:column|table|relation|view|function|object"
    r"|index|schema|database|role|file|directory|queue|topic|bucket|key|user|host) does not exist"
    r")(?![\w/=-])"
)
_MILD = re.compile(
    r"(?<![\w/.=-])(?:"
    r"skipp(?:ed|ing)|ignor(?:ed|ing)|evict(?:ed|ing)|fall(?:s|ing)? back|fell back|fallback|stale|expired"
    r"|missing|unchanged|truncated"
    r"|us(?:ed|es|ing) (?:the |a |an )?(?:stale|default|cached|old|last known|previous)|behind by"
    r"|not (?:found|ready)|partially|outdated"
    r"|too (?:old|late|large|long|slow)|put (?:aside|back|on hold)|postponed|deferred|delayed|held back"
    r"|kept (?:for later|in memory|locally)"
    r"|spooled|parked|left (?:as it is|unchanged|untouched|open)|conflict(?:s|ing)?|cancel(?:l?ed|l?ing)"
    r"|terminat(?:ed|ing)|restart(?:ed|ing)"
    r"|respawn(?:ed|ing)?|suspended|quarantined|revoked|unsupported|unprocessed|leak(?:ed|s)?"
    r"|dry[- ]run|unchecked"
    r")(?![\w/=-])"
)

# What was done with in the place of the work itself.
_SUBSTITUTE = re.compile(
    r"(?<![\w/.=-])(?:placeholders?|fall(?:s|ing)? back|fell back|using (?:the |a )?fallback"
    r"|fallback (?:\w+ )?(?:used|served|given|sent)|put on hold|held back"
    r"|parked|postponed|deferred|(?:default|stub|dummy|stale|old|list|static|last known) (?:\w+ )?"
    r"(?:is |was )?(?:served|used|returned|given|sent|shown)"
    r")(?![\w/=-])"
)


@lru_cache(maxsize=16384)  # pure, and asked of the same lines by several rules
def says_trouble(text: str) -> bool:
    """Return whether a line's words say that something failed or was not done as it should be, and nothing
    around them that it was.
    """
    return says_failure(text) or find_standing(_TROUBLE, text)


@lru_cache(maxsize=16384)
def says_substitute(text: str) -> bool:
    """Return whether a line's words say that something else was given, or that the work waits."""
    return find_standing(_SUBSTITUTE, text)


@lru_cache(maxsize=16384)
def says_mild_trouble(text: str) -> bool:
    """Return whether a line says that something was left out, put off or done with what was at hand."""
    return find_standing(_MILD, text) or says_trouble(text)

"""Transients of other systems: Consul, a schema registry, DNS, a broker's election; and those that only seem to have passed."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Phase, line
from cases.scene import Scene

case = partial(Case, family="healed", half="tuned")

CONSUL = "$time[%Y-%m-%dT%H:%M:%S.%L]Z [$level]  lookup: $message"
FOUND = line(CONSUL, level="INFO", message="service price resolved to $ip:8080")
NO_LEADER = line(
    CONSUL, level="ERROR", message="service price not resolved: rpc error making call: No cluster leader"
)
MICRONAUT = "$time[%H:%M:%S.%L] [$thread] $level c.acme.events.Writer - $message"
WRITTEN = line(
    MICRONAUT,
    thread="default-nioEventLoopGroup-1-$int[2,8]",
    level="INFO ",
    message="event $hex[8] written with schema $int[1,9]",
)
NO_SCHEMA = line(
    MICRONAUT,
    thread="main",
    level="ERROR",
    message="schema registry not reachable: Connect Error: Connection refused: registry/$ip[10.43]:8081",
)
DENO = "$iso fetched feed $int[1,90] ($int[10,90] entries)"
NO_NAME = "$iso error: fetching feed $int[1,90]: dns error: failed to lookup address information: Try again"

CASES = (
    case(
        "consul-election-then-well",
        PROMOTE,
        "An election of twenty seconds early in the window; all is resolved in the nine minutes since.",
        Scene(
            FOUND,
            Log((Phase(FOUND, until=0.1), Phase(((20, FOUND), (80, NO_LEADER)), until=0.13), Phase(FOUND))),
            minutes=11,
        ),
    ),
    case(
        "consul-elections-on-and-on",
        NOT_PROMOTE,
        "There is an election every other minute, up to the window's end.",
        Scene(
            FOUND,
            Log(
                tuple(
                    Phase(((30, FOUND), (70, NO_LEADER)) if wave % 2 else FOUND, until=(wave + 1) / 10)
                    for wave in range(10)
                )
            ),
            minutes=11,
        ),
    ),
    case(
        "registry-late-at-start",
        PROMOTE,
        "The schema registry is not reached for the first few seconds of the canary.",
        Scene(WRITTEN, Log((Phase(WRITTEN),), start=(NO_SCHEMA, NO_SCHEMA, NO_SCHEMA))),
    ),
    case(
        "registry-never",
        NOT_PROMOTE,
        "The schema registry is not reached by half of the events until the end.",
        Scene(WRITTEN, ((50, WRITTEN), (50, NO_SCHEMA))),
    ),
    case(
        "dns-for-a-moment",
        PROMOTE,
        "Names did not resolve for half a minute; feeds have been fetched since.",
        Scene(
            DENO,
            Log((Phase(DENO, until=0.15), Phase(((20, DENO), (80, NO_NAME)), until=0.2), Phase(DENO))),
            minutes=10,
        ),
    ),
    case(
        "dns-worse-towards-the-end",
        NOT_PROMOTE,
        "Names resolve at first, and ever fewer of them towards the end.",
        Scene(
            DENO,
            Log(
                (
                    Phase(DENO, until=0.4),
                    Phase(((70, DENO), (30, NO_NAME)), until=0.7),
                    Phase(((30, DENO), (70, NO_NAME))),
                )
            ),
        ),
    ),
)

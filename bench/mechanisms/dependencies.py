"""A dependency that the canary alone cannot use, and data that it cannot read."""

from dataclasses import dataclass, replace

from mechanisms.build import Draft, Mechanism, Service

SHARES = (15.0, 35.0, 60.0, 100.0)


@dataclass(frozen=True)
class _Failure:
    """What a part of the requests fails with. `why` ends the label's sentence."""

    text: str
    kind: str
    why: str
    finding: str
    status: str = "500"
    level: str = "error"

    def __call__(self, service: Service) -> Draft:
        """Return a canary a part of whose requests fail with an exception."""
        share = service.random.choice(SHARES)
        failure = service.voice.fail(self.level, self.text, self.kind)
        scene = replace(service.scene, canary=service.served(share, failure, status=self.status))
        why = f"{share:.0f} % of the canary's requests fail: {self.why}."
        return Draft(scene, "rollback", why, self.finding)


database_refused = _Failure(
    text="cannot connect to orders-db:5432: connection refused",
    kind="ConnectionError",
    why="the database refuses its connections",
    finding="connection refused",
)
pool_exhausted = _Failure(
    text="no connection of the pool became free within 5000 ms",
    kind="PoolTimeout",
    why="its connection pool is too small",
    finding="pool",
    status="503",
)
name_not_found = _Failure(
    text="lookup ledger-v2.payments.svc.cluster.local: no such host",
    kind="DNSError",
    why="a name is not found",
    finding="no such host",
    status="502",
)
certificate_refused = _Failure(
    text="TLS handshake with payments failed: certificate signed by unknown authority",
    kind="SSLError",
    why="it does not trust the certificate of payments",
    finding="certificate signed by unknown authority",
    status="502",
)
rate_limited = _Failure(
    text="geocoder answered 429 Too Many Requests",
    kind="RateLimited",
    why="it asks another service too often",
    finding="429",
    status="503",
    level="warn",
)
dependency_times_out = _Failure(
    text="call to inventory timed out after 3000 ms",
    kind="TimeoutError",
    why="another service does not answer it in time",
    finding="timed out",
    status="504",
)
migration_missing = _Failure(
    text="column orders.discount_code does not exist",
    kind="DatabaseError",
    why="its migration was never applied",
    finding="does not exist",
)
cannot_decode = _Failure(
    text="cannot decode event of schema 7: unknown field channel",
    kind="DecodeError",
    why="it cannot read what the old version wrote",
    finding="cannot decode",
)


def queue_refused(service: Service) -> Draft:
    done = service.voice.say("info", "message $hex[10] of topic parcels stored in $ms[2,40] ms")
    refused = service.voice.say(
        "error", "consumer of parcels is not authorised for group parcels-v2, retrying"
    )
    scene = replace(service.scene, stable=done, canary=((0.2, refused),))
    return Draft(
        scene, "rollback", "The canary may not read its queue, and does no work at all.", "not authorised"
    )


def cache_unreadable(service: Service) -> Draft:
    miss = service.voice.say(
        "warn", "cached entry price:$int[100,9999] has version 2, want 3: computing it anew"
    )
    slow = service.work(ms="$ms[200,1500]")
    scene = replace(service.scene, canary=((100.0, slow), (90.0, miss)))
    return Draft(
        scene,
        "rollback",
        "The canary cannot use what is cached, computes everything anew, and is far slower.",
        "computing it anew",
        also=("inconclusive",),
    )


MECHANISMS = (
    Mechanism("database-refused", "dependency", database_refused),
    Mechanism("pool-exhausted", "dependency", pool_exhausted),
    Mechanism("name-not-found", "dependency", name_not_found),
    Mechanism("certificate-refused", "dependency", certificate_refused),
    Mechanism("queue-refused", "dependency", queue_refused),
    Mechanism("rate-limited", "dependency", rate_limited),
    Mechanism("dependency-times-out", "dependency", dependency_times_out),
    Mechanism("migration-missing", "data", migration_missing),
    Mechanism("cannot-decode", "data", cannot_decode),
    Mechanism("cache-unreadable", "data", cache_unreadable),
)

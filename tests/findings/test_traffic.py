"""Whether the canary is reached: what is not reached is not proven."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.evidence.pods import Container, Pod
from analyzer.evidence.traffic import Endpoints, Traffic
from analyzer.evidence.weights import Weight
from analyzer.findings import logged_requests, traffic
from analyzer.findings.grade import weigh_finding
from analyzer.findings.interface import Finding
from analyzer.logs.digest import Digest, TemplateGroup
from analyzer.settings import Rules
from analyzer.target import Role

Ago = Callable[[float], datetime]
MakeEvidence = Callable[..., Evidence]
Found = Callable[..., dict[str, Finding]]
REQUEST = '10.0.0.9 - - [03/Nov/2026:11:55:00 +0000] "GET /cart/7 HTTP/1.1" 200 12 "-" "curl/8"'
PROBE = '10.0.0.1 - - [03/Nov/2026:11:55:00 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.34"'


def side(
    role: Role, *ready: str, weight: int | None = 20, service: str = "cart", read: bool = True
) -> Traffic:
    endpoints = Endpoints(ready=ready) if read else None
    return Traffic(
        side=role,
        strategy="canary",
        weight=weight,
        step=1,
        steps=4,
        service=f"{service}-{role}",
        endpoints=endpoints,
    )


STABLE = side("stable", "stable-1", weight=80)


@pytest.fixture
def found(evidence: MakeEvidence) -> Found:
    def find(*parts: Any, canary: Sequence[Pod] | None = None) -> dict[str, Finding]:
        seen = evidence(canary, more=parts)
        return {finding.kind: finding for rule in traffic.RULES for finding in rule(seen, Rules())}

    return find


class TestEndpoints:
    def test_a_service_that_leads_to_the_canary_is_well(self, found: Found) -> None:
        assert set(found(STABLE, side("canary", "canary-1"))) == {"traffic-weight"}

    def test_requests_that_lead_nowhere_block(self, found: Found) -> None:
        lost = found(STABLE, side("canary"))["no-endpoints"]
        assert weigh_finding(lost) == "blocking"
        assert (
            lost.sentence
            == "the canary's Service cart-canary has no ready endpoint, although 1 canary pod is Ready"
        )
        assert lost.stable == "Service cart-stable leads to 1 of 1 Ready pods"
        assert lost.canary == "Service cart-canary leads to 0 of 1 Ready pods"

    @pytest.mark.parametrize("weight", [0, None])
    def test_without_requests_it_holds(self, weight: int | None, found: Found) -> None:
        lost = found(STABLE, side("canary", weight=weight))["no-endpoints"]
        assert weigh_finding(lost) == "hold"
        assert lost.sentence.endswith("; it is sent no requests yet")

    def test_one_that_leads_to_other_pods_holds(self, found: Found) -> None:
        lost = found(STABLE, side("canary", "stable-1"))["no-endpoints"]
        assert (weigh_finding(lost), "leads to 1 pod, none of them the canary's" in lost.sentence) == (
            "hold",
            True,
        )

    def test_pods_that_have_just_become_ready_are_not_listed_yet(
        self, found: Found, pod: Callable[..., Pod]
    ) -> None:
        young = found(STABLE, side("canary"), canary=[pod("canary-1", age=300, unready_for=10)])
        assert weigh_finding(young["no-endpoints"]) == "hold"

    def test_stable_leads_nowhere_either(self, found: Found) -> None:
        assert weigh_finding(found(side("stable", weight=80), side("canary"))["no-endpoints"]) == "hold"

    def test_pods_that_are_not_ready_have_a_finding_of_their_own(
        self, found: Found, pod: Callable[..., Pod], container: Callable[..., Container]
    ) -> None:
        assert set(found(STABLE, side("canary"), canary=[pod("canary-1", container(ready=False))])) == {
            "traffic-weight"
        }

    def test_endpoints_that_were_not_read_say_nothing(self, found: Found) -> None:
        assert set(found(STABLE, side("canary", read=False))) == {"traffic-weight"}


def test_the_weight_is_told_for_information(found: Found) -> None:
    told = found(STABLE, side("canary", "canary-1"))["traffic-weight"]
    assert (told.stable, told.canary, weigh_finding(told)) == ("80 %", "20 %", "info")
    assert told.sentence == "the Rollout sends the canary 20 % of the requests, at step 1 of 4"


def test_a_canary_without_a_pod_is_sent_nothing_whatever_the_status_says(found: Found) -> None:
    assert found(STABLE, side("canary"), canary=[]) == {}


class TestRequests:
    @pytest.fixture
    def logs(self, ago: Ago) -> Callable[..., Logs]:
        """So many lines of a kind each, spread over the last 400 s."""

        def build(role: Role, **counts: int) -> Logs:
            lines = {
                "request": REQUEST,
                "probe": PROBE,
                "other": "INFO started",
                "structured": '{"method":"GET","path":"/","status":200}',
            }
            groups = tuple(
                TemplateGroup(
                    template=f"{name} line",
                    level="unknown",
                    count=count,
                    first=ago(400),
                    last=ago(0),
                    sample=lines[name],
                )
                for name, count in counts.items()
            )
            digest = Digest(lines=sum(counts.values()), first=ago(400), last=ago(0), groups=groups)
            return Logs(side=role, containers=(ContainerLogs(container="app", digest=digest),), streams=())

        return build

    def test_stable_logs_requests_and_the_canary_none(self, found: Found, logs: Callable[..., Logs]) -> None:
        """400 in 400 s are 1 a second; the canary is Ready for 300 s and sent 20 where stable is sent 80: 75
        expected.
        """
        silent = found(
            STABLE, side("canary", "canary-1"), logs("stable", request=400), logs("canary", other=5)
        )["no-traffic"]
        assert (weigh_finding(silent), silent.key) == ("hold", "no-traffic/app")
        assert (silent.stable, silent.canary) == (
            "400 requests logged",
            "0 requests logged, about 75 expected",
        )

    def test_only_what_it_is_known_to_have_been_sent_is_expected(
        self, found: Found, logs: Callable[..., Logs], ago: Ago
    ) -> None:
        """Of a share of 5 % until a minute ago, and of one that is known for no longer."""
        both = (logs("stable", request=400), logs("canary", other=5))

        def sent(*weights: tuple[float, int]) -> Traffic:
            changes = tuple(Weight(at=ago(at), weight=weight) for at, weight in weights)
            return msgspec.structs.replace(side("canary", "canary-1"), weights=changes)

        assert "no-traffic" not in found(STABLE, sent((40, 20)), *both)
        expected = found(STABLE, sent((600, 5), (60, 20)), *both)["no-traffic"]
        assert expected.canary == "0 requests logged, about 26 expected"
        assert ", which is sent 20 % of them, for the last 60 s:" in expected.sentence
        told = found(STABLE, sent((600, 5), (60, 20)), *both)["traffic-weight"].sentence
        assert told == "the Rollout sends the canary 20 % of the requests, for the last 60 s, at step 1 of 4"

    def test_structured_lines_are_requests_too(self, found: Found, logs: Callable[..., Logs]) -> None:
        assert "no-traffic" in found(
            STABLE, side("canary", "canary-1"), logs("stable", structured=400), logs("canary", other=5)
        )

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("GET /items/7 200 12.3 ms - 12", True),
            ("HTTP GET /items/7 responded 200 in 12.3 ms", True),
            ("Request finished HTTP/1.1 GET http://cart/items/7 - 200 - application/json 12.3ms", True),
            ('[GIN] 2026/11/03 - 12:00:00 | 200 |     1.2ms |  10.0.0.1 | GET      "/items/7"', True),
            ("GET /items took 12 ms", False),
        ],
    )
    def test_frameworks_tell_of_requests_each_in_its_way(self, line: str, told: bool) -> None:
        digest = Digest(
            groups=(TemplateGroup(template="t", level="info", count=7, first=None, last=None, sample=line),)
        )
        assert logged_requests.count_requests(digest) == (7 if told else 0)

    @pytest.mark.parametrize("canary", [{"request": 1}, {"structured": 1}])
    def test_one_request_is_enough(
        self, canary: dict[str, int], found: Found, logs: Callable[..., Logs]
    ) -> None:
        assert "no-traffic" not in found(
            STABLE, side("canary", "canary-1"), logs("stable", request=400), logs("canary", **canary)
        )

    def test_probes_are_no_traffic(self, found: Found, logs: Callable[..., Logs]) -> None:
        both = {"canary": logs("canary", probe=30), "stable": logs("stable", request=400, probe=40)}
        assert "no-traffic" in found(STABLE, side("canary", "canary-1"), both["stable"], both["canary"])
        assert "no-traffic" not in found(
            STABLE, side("canary", "canary-1"), logs("stable", probe=400), logs("canary", other=1)
        )

    def test_too_few_to_expect_any(self, found: Found, logs: Callable[..., Logs]) -> None:
        """50 in 400 s: 9.4 expected."""
        assert "no-traffic" not in found(
            STABLE, side("canary", "canary-1"), logs("stable", request=50), logs("canary", other=5)
        )

    @pytest.mark.parametrize("weight", [0, None, 100])
    def test_without_a_share_none_is_expected(
        self, weight: int | None, found: Found, logs: Callable[..., Logs]
    ) -> None:
        canary = side("canary", "canary-1", weight=weight)
        assert "no-traffic" not in found(STABLE, canary, logs("stable", request=400), logs("canary", other=5))

    @pytest.mark.parametrize(
        ("rollout", "told"), [("", "0 requests logged, about 600 expected"), ("cart", "")]
    )
    def test_where_no_rollout_was_named_its_pods_should_have_as_many_as_stables(
        self,
        rollout: str,
        told: str,
        evidence: MakeEvidence,
        pod: Callable[..., Pod],
        logs: Callable[..., Logs],
    ) -> None:
        """1 a second on one pod of stable; two of the canary's are Ready for 300 s. A Rollout that was not
        read is a gap.
        """
        seen = evidence(
            [pod("canary-1"), pod("canary-2")], more=(logs("stable", request=400), logs("canary", other=5))
        )
        seen = msgspec.structs.replace(seen, target=msgspec.structs.replace(seen.target, rollout=rollout))
        assert "".join(each.canary for each in traffic.no_traffic(seen, Rules())) == told

    def test_a_log_that_was_not_read_says_nothing(self, found: Found, logs: Callable[..., Logs]) -> None:
        assert "no-traffic" not in found(STABLE, side("canary", "canary-1"), logs("stable", request=400))

    def test_a_container_that_only_stable_has_says_nothing(
        self, found: Found, logs: Callable[..., Logs]
    ) -> None:
        canary = Logs(side="canary", containers=(), streams=())
        assert "no-traffic" not in found(
            STABLE, side("canary", "canary-1"), logs("stable", request=400), canary
        )

    def test_a_digest_that_is_not_whole_says_nothing(
        self, found: Found, ago: Ago, logs: Callable[..., Logs]
    ) -> None:
        cut = ContainerLogs(container="app", digest=Digest(lines=9, other=9, first=ago(400), last=ago(0)))
        canary = Logs(side="canary", containers=(cut,), streams=())
        assert "no-traffic" not in found(
            STABLE, side("canary", "canary-1"), logs("stable", request=400), canary
        )

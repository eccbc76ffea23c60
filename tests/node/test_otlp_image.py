"""The image with OpenTelemetry's SDK: how much larger it is, and what a Job of it tells a collector."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import image_size
import pytest

from tests.node import outside
from tests.node.test_job import JUDGE, PERMISSIONS, Shop
from tests.telemetry.collector import Collector

pytestmark = pytest.mark.node

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def larger() -> Path:
    """The image, as a docker-archive."""
    build = [str(ROOT / "tests/node/image"), "otlp"]
    return Path(subprocess.run(build, stdout=subprocess.PIPE, text=True, check=True).stdout.strip())


def test_the_sdk_adds_little(archive: Path, larger: Path) -> None:
    without, size = image_size.measure(archive), image_size.measure(larger)
    assert 0 < (size.installed() - without.installed()) / 1e6 <= image_size.MOST_OF_SDK
    assert size.compressed / 1e6 <= image_size.MOST_COMPRESSED


def test_a_job_of_it_tells_a_collector(
    with_image: dict[str, str], larger: Path, web: Callable[..., str], answer: Callable[..., None]
) -> None:
    subprocess.run([ROOT / "tests/testcluster/testcluster", "load", larger], env=with_image, check=True)
    shop = Shop(with_image, "rollout-healthy", image="localhost/rollout-analyzer:otlp")
    collector = Collector()
    endpoint = web(collector.take(answer), outside.HOST)
    template = outside.with_environment(JUDGE, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint)
    ended = shop.end(shop.start(template, PERMISSIONS, 40, OTLP="true"), "Complete")
    assert [container["exitCode"] for container in ended.containers] == [0]
    (run,) = (point for point in collector.points() if point.name == "rollout_analyzer.runs")
    assert (run.attributes["rollout_analyzer.outcome"], run.value) == ("promote", 1)
    assert "canary analysis" in {span.name for span in collector.spans()}

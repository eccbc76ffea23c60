"""The bare download that a live run is held against: `download.py NAMESPACE` lists the pods and reads every
log, in parallel.

The same client, as many requests at a time, each for a whole log; nothing is done with what is read.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kubernetes.client.api_client import ApiClient
from kubernetes.client.configuration import Configuration
from kubernetes.config import kube_config

WIDTH = 16


def main(namespace: str) -> None:
    configuration = Configuration()
    configuration.connection_pool_maxsize = WIDTH
    kube_config.load_kube_config(client_configuration=configuration)  # type: ignore[no-untyped-call]
    client = ApiClient(configuration)

    def open_(path: str, query: list[tuple[str, str]]) -> Any:
        request = client.param_serialize("GET", path, query_params=query, auth_settings=["BearerToken"])
        return client.call_api(*request).response

    pods = json.loads(open_(f"/api/v1/namespaces/{namespace}/pods", []).read())["items"]

    def download(name: str) -> int:
        response = open_(
            f"/api/v1/namespaces/{namespace}/pods/{name}/log", [("container", "app"), ("timestamps", "true")]
        )
        return sum(len(chunk) for chunk in response.stream(65536))

    with ThreadPoolExecutor(WIDTH) as pool:
        print(sum(pool.map(download, [pod["metadata"]["name"] for pod in pods])), "bytes")


if __name__ == "__main__":
    main(sys.argv[1])

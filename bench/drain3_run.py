"""drain3 over lines of standard input, in the environment that miner.py makes for it: CPU seconds, then each
line's cluster.

The masks are those that the miner has, written as drain3 takes them: one regular expression each.
"""

import json
import sys
import time

from drain3 import TemplateMiner  # type: ignore[import-not-found,unused-ignore]  # pins what this project does not: never in its environment
from drain3.masking import MaskingInstruction  # type: ignore[import-not-found,unused-ignore]
from drain3.template_miner_config import TemplateMinerConfig  # type: ignore[import-not-found,unused-ignore]

EDGE, END = r"((?<=[^A-Za-z0-9])|^)", r"((?=[^A-Za-z0-9])|$)"
MASKS = (
    (rf"{EDGE}[0-9a-fA-F]{{8}}-(?:[0-9a-fA-F]{{4}}-){{3}}[0-9a-fA-F]{{12}}{END}", "uuid"),
    (rf"{EDGE}\d{{4}}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:?\d\d)?{END}", "time"),
    (rf"{EDGE}\d\d:\d\d:\d\d(?:[.,]\d+)?{END}", "time"),
    (rf"{EDGE}\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}(?::\d+)?{END}", "ip"),
    (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "email"),
    (rf"{EDGE}(?:[0-9a-f]{{2}}:){{5}}[0-9a-f]{{2}}{END}", "mac"),
    (rf"{EDGE}0x[a-fA-F0-9]+{END}", "hex"),
    (rf"{EDGE}(?=[a-fA-F]*[0-9])[0-9a-fA-F]{{8,}}{END}", "hex"),
    (r"(?:/[\w.-]+){2,}", "path"),
    (r"\"[^\"]*\"", "str"),
    (rf"{EDGE}\d+(?:\.\d+)?(?:ns|us|ms|s|m|h)\b", "duration"),
    (rf"{EDGE}\d+(?:\.\d+)? ?(?:[KMG]i?B|bytes)\b", "size"),
    (rf"{EDGE}[-+]?\d+(?:\.\d+)?{END}", "num"),
)


def main() -> None:
    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, name) for pattern, name in MASKS]
    miner = TemplateMiner(config=config)
    lines = sys.stdin.read().splitlines()
    start = time.process_time()
    clusters = [miner.add_log_message(line)["cluster_id"] for line in lines]
    print(json.dumps([time.process_time() - start, clusters]))


if __name__ == "__main__":
    main()

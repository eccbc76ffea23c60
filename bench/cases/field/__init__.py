"""Systems by domain, of authors who had not read the judge or its rules. Each of two parts was run once before it was
read (docs/judge.md); all of it is of the tuned half since.
"""

from cases.field import (
    apps,
    batches,
    devices,
    edges,
    errands,
    frameworks,
    gateways,
    messages,
    models,
    pipelines,
    schedulers,
    services,
    streams,
    workers,
)

CASES = (
    *apps.CASES,
    *batches.CASES,
    *devices.CASES,
    *edges.CASES,
    *errands.CASES,
    *frameworks.CASES,
    *gateways.CASES,
    *messages.CASES,
    *models.CASES,
    *pipelines.CASES,
    *schedulers.CASES,
    *services.CASES,
    *streams.CASES,
    *workers.CASES,
)

"""Crashes, starts that never end, and configuration that keeps a container from running."""

from dataclasses import replace

from cases.lines import Log, Phase
from cases.pods import initializing, restarted, unready, unscheduled, waiting
from cases.scene import Event

from mechanisms.build import Draft, Mechanism, Service
from mechanisms.edits import template

BACK_OFF = Event("Warning", "BackOff", "Back-off restarting failed container app in pod $pod", 9, 0.1, 0.99)
GIVEN_UP = Event("Normal", "Killing", "Container app failed liveness probe, will be restarted", 4, 0.1, 0.95)


def _crashes(service: Service, code: int, *last: str, restarts: int = 5) -> Draft:
    """Return a canary that exits with a code again and again, with these last words."""
    lasted = service.random.uniform(1, 20)
    state = restarted(restarts, "Error", code, back_off=True, lasted=lasted)
    scene = replace(service.scene, states=(state,), events=(BACK_OFF,), previous=last, age=60.0)
    return Draft(scene, "rollback", "")


def panic_at_start(service: Service) -> Draft:
    kind = service.random.choice(("NullPointerException", "nil pointer dereference", "IndexError"))
    last = service.voice.fail("fatal", "cannot build the price index", kind)
    draft = _crashes(service, service.random.choice((1, 2, 134)), *service.voice.banner, last)
    return replace(
        draft,
        why=f"Every canary pod crashes at its start with {kind}.",
        finding="cannot build the price index",
    )


def crash_under_load(service: Service) -> Draft:
    last = service.voice.fail("fatal", "worker died while it served a request", "SegmentationFault")
    state = restarted(service.random.randint(3, 6), "Error", 139, lasted=service.random.uniform(60, 120))
    scene = replace(
        service.scene,
        states=(state,),
        events=(replace(BACK_OFF, count=3),),
        previous=(*service.voice.banner, service.work(), service.work(), last),
        age=600.0,
    )
    return Draft(
        scene, "rollback", "The canary serves for a minute or two, then dies, again and again.", "crash-loop"
    )


def missing_variable(service: Service) -> Draft:
    name = service.random.choice(("DATABASE_URL", "PAYMENT_ENDPOINT", "SESSION_STORE"))
    draft = _crashes(service, 1, service.voice.say("fatal", f"required setting {name} is not set"))
    edit = template({("env", name): ""}, {})
    return replace(
        draft, why=f"The canary's template lost {name}, and it exits at once.", finding=name, edits=(edit,)
    )


def bad_flag(service: Service) -> Draft:
    flag = service.random.choice(("--pool-sise", "--listen-adress", "--max-conn"))
    draft = _crashes(service, 2, f"unknown flag: {flag}", "Usage: app [flags]")
    edit = template({("command", "args"): "--pool-size=20"}, {("command", "args"): f"{flag}=20"})
    return replace(
        draft, why=f"The canary is started with {flag}, which it does not know.", finding=flag, edits=(edit,)
    )


def secret_key_renamed(service: Service) -> Draft:
    message = "couldn't find key db-password in Secret shop/app-credentials"
    event = Event("Warning", "Failed", f"Error: {message}", 14, 0.01, 0.98)
    scene = replace(
        service.scene, states=(waiting("CreateContainerConfigError", message),), events=(event,), age=60.0
    )
    return Draft(
        scene, "rollback", "The key that the canary's template names is not in the Secret.", "db-password"
    )


def image_missing(service: Service) -> Draft:
    pull = 'Failed to pull image "$image": rpc error: code = NotFound desc = failed to resolve reference: not found'
    events = (
        Event("Warning", "Failed", pull, 6, 0.01, 0.9),
        Event("Normal", "BackOff", 'Back-off pulling image "$image"', 20, 0.05, 0.99),
    )
    scene = replace(
        service.scene,
        states=(waiting("ImagePullBackOff", 'Back-off pulling image "$image"'),),
        events=events,
        age=60.0,
    )
    return Draft(scene, "rollback", "The canary's image does not exist.", "image-pull")


def init_never_ends(service: Service) -> Draft:
    text = service.voice.say("info", "waiting for migrations of schema $int[40,41] to be applied")
    scene = replace(
        service.scene,
        states=(initializing("wait-for-schema", "registry.corp.example/wait:3"),),
        init=("wait-for-schema", ((1.0, text),)),
        age=600.0,
    )
    return Draft(
        scene,
        "rollback",
        "The canary's init container waits for what never comes.",
        "wait-for-schema",
        also=("inconclusive",),
    )


def never_ready(service: Service) -> Draft:
    probe = Event(
        "Warning",
        "Unhealthy",
        "Readiness probe failed: HTTP probe failed with statuscode: 503",
        40,
        0.05,
        0.99,
    )
    said = service.voice.say("warn", "health check: dependency ledger is not reachable")
    log = Log((Phase(said, rate=0.2),))
    scene = replace(service.scene, states=(unready,), events=(probe,), canary=log, age=600.0)
    return Draft(scene, "rollback", "No canary pod ever passes its readiness probe.", "503")


def wrong_port(service: Service) -> Draft:
    probe = Event(
        "Warning",
        "Unhealthy",
        'Readiness probe failed: Get "http://10.42.7.9:8080/healthz": dial tcp 10.42.7.9:8080: connect: connection refused',
        40,
        0.05,
        0.99,
    )
    log = Log((), at=((0.01, service.voice.say("info", "listening on port 8090")),))
    scene = replace(service.scene, states=(unready,), events=(probe,), canary=log, age=600.0)
    return Draft(scene, "rollback", "The canary listens on a port that nobody asks.", "connection refused")


def liveness_kills(service: Service) -> Draft:
    probe = Event(
        "Warning",
        "Unhealthy",
        'Liveness probe failed: Get "http://10.42.3.17:8080/livez": context deadline exceeded',
        12,
        0.06,
        0.93,
    )
    state = restarted(service.random.randint(3, 5), "Error", 137)
    scene = replace(service.scene, states=(state,), events=(probe, GIVEN_UP), age=600.0)
    return Draft(
        scene, "rollback", "The canary hangs until the kubelet kills it, again and again.", "iveness"
    )


def unschedulable(service: Service) -> Draft:
    message = (
        "0/6 nodes are available: 6 Insufficient memory. "
        "preemption: 0/6 nodes are available: 6 No preemption victims found for incoming pod."
    )
    event = Event("Warning", "FailedScheduling", message, 5, 0.0, 0.9)
    edit = template({("resources", "requests.memory"): "512Mi"}, {("resources", "requests.memory"): "64Gi"})
    scene = replace(service.scene, states=(unscheduled(message),), events=(event,), age=600.0)
    return Draft(
        scene,
        "rollback",
        "The canary requests more memory than any node has.",
        "Insufficient memory",
        also=("inconclusive",),
        edits=(edit,),
    )


MECHANISMS = (
    Mechanism("panic-at-start", "start", panic_at_start),
    Mechanism("crash-under-load", "start", crash_under_load),
    Mechanism("image-missing", "start", image_missing),
    Mechanism("init-never-ends", "start", init_never_ends),
    Mechanism("never-ready", "start", never_ready),
    Mechanism("liveness-kills", "start", liveness_kills),
    Mechanism("unschedulable", "start", unschedulable),
    Mechanism("missing-variable", "configuration", missing_variable),
    Mechanism("bad-flag", "configuration", bad_flag),
    Mechanism("secret-key-renamed", "configuration", secret_key_renamed),
    Mechanism("wrong-port", "configuration", wrong_port),
)

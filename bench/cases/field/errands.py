"""Errands: backups of cron, a controller, DNS records, an import of feeds, an export."""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, line
from cases.scene import Scene

case = partial(Case, half="tuned")

RESTIC = (
    "backup-$int[1,60]: Files:       $new new,     $changed changed, $int[21000,99000] unmodified\n"
    "backup-$int[1,60]: Added to the repository: $size MiB ($stored MiB stored)\n"
    "backup-$int[1,60]: processed $files files, $int[1,9]:$int[10,59]\n"
    "backup-$int[1,60]: snapshot $hex[8] saved"
)
BACKUP = line(
    RESTIC,
    new="$int[20,700]",
    changed="$int[10,90]",
    size="$int[90,900].$int[101,999]",
    stored="$int[40,89].$int[100,999]",
)
BACKED_UP = line(BACKUP, files="$int[22000,99900]")
EMPTY = (
    "backup-$int[1,60]: Files:           0 new,     0 changed,     0 unmodified\n"
    "backup-$int[1,60]: Added to the repository: 0 B   (0 B   stored)\n"
    "backup-$int[1,60]: processed 0 files, 0:00\n"
    "backup-$int[1,60]: snapshot $hex[8] saved"
)
PRUNED = "prune: kept $int[30,90] snapshots, removed $int[1,9] snapshots"
CONTROLLER = (
    '$iso\t$level\t$message\t{"controller": "tenantdb", "controllerGroup": "db.corp.example", "namespace": "t-$int[100,480]",'
    ' "name": "main", "reconcileID": "$uuid"$more}'
)
SAME = line(CONTROLLER, level="INFO", message="Reconciled, nothing to change", more="")
SCALED = line(
    CONTROLLER, level="INFO", message="StatefulSet patched", more=', "reason": "spec changed by user"'
)
FLAPS = line(
    CONTROLLER,
    level="INFO",
    message="StatefulSet patched",
    more=', "reason": "pod template hash differs", "generation": $seq[9100]',
)
CONFLICT = line(
    CONTROLLER,
    level="DEBUG",
    message="Object has been modified, requeued; please apply your changes to the latest version",
    more="",
)
ADOPTED = line(
    CONTROLLER,
    level="INFO",
    message="StatefulSet patched",
    more=', "reason": "label app.corp.example/revision added"',
)
DNS = 'time="$time[%Y-%m-%dT%H:%M:%SZ]" level=info msg="$message"'
UP_TO_DATE = line(DNS, message="All records are already up to date")
CREATED = line(
    DNS,
    message="Desired change: $verb $pick[shop|api|img|pay]-$int[10,99].corp.example A [Id: /hostedzone/Z0$hex[12]]",
)
BATCHED = line(
    DNS,
    message="$int[1,3] record(s) in zone corp.example. [Id: /hostedzone/Z0$hex[12]] were successfully updated",
)
FEED = "$sql [importer] feed $int[100,480] rows=$rows inserted=$inserted updated=$updated unchanged=$unchanged skipped=$skipped"
FED = line(
    FEED,
    rows="$int[3700,4400]",
    inserted="$int[20,90]",
    updated="$int[300,900]",
    unchanged="$int[3300,3500]",
    skipped="$int[0,9]",
)
SKIPPED = line(
    FEED, rows="$int[3700,4400]", inserted="0", updated="0", unchanged="0", skipped="$int[3700,4400]"
)
FED_AS_NEW = line(
    FEED,
    rows="$int[370,440]",
    inserted="$int[2,9]",
    updated="$int[30,90]",
    unchanged="$int[330,350]",
    skipped="$int[0,1]",
)
EXPORT = "[export] $time[%Y%m%dT%H%M%SZ] part-$int[0,63].parquet rows=$int[80000,99000] size=$size -> s3://bi-lake/orders/"

CASES = (
    case(
        "backup-of-nothing",
        ROLLBACK,
        "The canary's backups find no file at all and save empty snapshots as if all were well; stable's process tens of thousands.",
        Scene(
            ((80, BACKED_UP), (20, PRUNED)),
            ((80, EMPTY), (20, PRUNED)),
            rate=20,
            weight=50,
            minutes=20,
            pods=(1, 1),
        ),
        family="unlevelled",
    ),
    case(
        "backup-less-stored",
        PROMOTE,
        "The canary compresses harder, so less is stored for what is added; as many files are processed.",
        Scene(
            ((80, BACKED_UP), (20, PRUNED)),
            ((80, BACKED_UP.replace("$int[40,89].", "$int[20,49].")), (20, PRUNED)),
            rate=20,
            weight=50,
            minutes=20,
            pods=(1, 1),
        ),
        family="measures",
    ),
    case(
        "controller-patches-for-ever",
        ROLLBACK,
        "The canary patches StatefulSets again and again for a hash that differs, so that databases restart; stable seldom does.",
        Scene(
            ((95, SAME), (4, SCALED)),
            ((20, SAME), (4, SCALED), (75, FLAPS)),
            rate=120,
            weight=50,
            pods=(1, 1),
        ),
        family="levels",
    ),
    case(
        "controller-adopts-once",
        PROMOTE,
        "The canary gives each StatefulSet its new label in the first minute; after that nothing is to change, as on stable.",
        Scene(
            ((95, SAME), (4, SCALED), (2, CONFLICT)),
            Log(
                (
                    Phase(((90, ADOPTED), (10, SAME)), until=0.08),
                    Phase(((95, SAME), (4, SCALED), (2, CONFLICT))),
                )
            ),
            rate=120,
            weight=50,
            pods=(1, 1),
        ),
        family="healed",
    ),
    case(
        "dns-deletes-records",
        ROLLBACK,
        "The canary wants to delete record after record and does; stable finds all up to date and now and then creates one.",
        Scene(
            ((80, UP_TO_DATE), (6, line(CREATED, verb="CREATE")), (6, BATCHED)),
            ((10, UP_TO_DATE), (60, line(CREATED, verb="DELETE")), (20, BATCHED)),
            rate=40,
            weight=50,
            minutes=15,
            pods=(1, 1),
        ),
        family="unlevelled",
    ),
    case(
        "dns-record-gone-with-its-service",
        PROMOTE,
        "Two records are deleted in the canary's window and one on stable, beside those created: services come and go.",
        Scene(
            Log(
                (Phase(((80, UP_TO_DATE), (6, line(CREATED, verb="CREATE")), (6, BATCHED))),),
                at=((0.3, line(CREATED, verb="DELETE")),),
            ),
            Log(
                (Phase(((80, UP_TO_DATE), (6, line(CREATED, verb="CREATE")), (6, BATCHED))),),
                at=((0.2, line(CREATED, verb="DELETE")), (0.7, line(CREATED, verb="DELETE"))),
            ),
            rate=40,
            weight=50,
            minutes=15,
            pods=(1, 1),
        ),
        family="unlevelled",
    ),
    case(
        "feed-all-skipped",
        ROLLBACK,
        "Four of ten feeds are skipped by the canary row for row, at info; stable skips at most nine rows of thousands.",
        Scene(FED, ((60, FED), (40, SKIPPED)), rate=45, weight=40, minutes=14, pods=(3, 2)),
        family="measures",
    ),
    case(
        "feed-in-small-batches",
        PROMOTE,
        "The canary imports ten small batches where stable imports one large: rows of each kind keep their shares.",
        Scene(FED, Log((Phase(FED_AS_NEW, rate=10),)), rate=30, weight=40, minutes=14, pods=(3, 2)),
        family="measures",
    ),
    case(
        "export-of-four-bytes",
        ROLLBACK,
        "Half of the files that the canary exports have 4 bytes for ninety thousand rows; all of stable's have megabytes.",
        Scene(
            line(EXPORT, size="$int[7,12].$int[0,9]MiB"),
            ((50, line(EXPORT, size="$int[7,12].$int[0,9]MiB")), (50, line(EXPORT, size="4B"))),
            rate=60,
            weight=50,
            pods=(1, 1),
        ),
        family="measures",
    ),
    case(
        "export-with-zstd",
        PROMOTE,
        "The canary's files are a third smaller for as many rows, and each says that it is packed with zstd.",
        Scene(
            line(EXPORT, size="$int[7,12].$int[0,9]MiB"),
            line(EXPORT, size="$int[5,8].$int[0,9]MiB codec=zstd"),
            rate=60,
            weight=50,
            pods=(1, 1),
        ),
        family="formats",
    ),
)

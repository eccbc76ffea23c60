"""Failures at WARN, at INFO or without a level: Ruby, Lua, Kotlin, Swift, Haskell, R, mainframe jobs, printers,
brokers.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Phase, added
from cases.scene import Scene

case = partial(Case, family="unlevelled", half="tuned")

RUBY = "$time[%H:%M:%S] worker.1 | stamped letter $int[1000,99999] for depot $int[1,30]"
RUBY_BAD = (
    "$time[%H:%M:%S] worker.1 | /app/lib/stamp.rb:$int[31,33]:in 'Stamp#press': undefined method 'zone' for nil (NoMethodError)\n"
    "$time[%H:%M:%S] worker.1 | \tfrom /app/lib/worker.rb:18:in 'block in Worker#run'"
)
LUA = "$time[%Y/%m/%d %H:%M:%S] tariff: zone $int[1,40] priced, $int[2,90] rows"
LUA_BAD = (
    "lua: tariff.lua:$int[118,119]: attempt to index a nil value (field 'bands')\nstack"
    " traceback:\n\ttariff.lua:118: in function 'price'\n\t[C]: in ?"
)
KOTLIN = "$time[%H:%M:%S.%L] [DefaultDispatcher-worker-$int[1,8]] fare $hex[8] offered"
KOTLIN_BAD = (
    'Exception in thread "DefaultDispatcher-worker-$int[1,8]" java.util.concurrent.TimeoutException: Timed out waiting for 3000 ms\n'
    "\tat kotlinx.coroutines.TimeoutKt.TimeoutCancellationException(Timeout.kt:191)\n"
    "\tat shop.fares.Offer.invoke(Offer.kt:44)"
)
SWIFT = "$iso notice Relay : [Relay] push $int[1000,99999] relayed to $int[1,4] devices"
SWIFT_BAD = (
    '$iso notice Relay : [Relay] push $int[1000,99999] could not be relayed: NIOConnectionError(host: "apns",'
    " port: 443, connectionErrors: [])"
)
HASKELL = "[$sql] bill $int[1000,99999] settled"
HASKELL_BAD = (
    "settle: bill $int[1000,99999]: Prelude.head: empty list\nCallStack (from HasCallStack):\n  error, called"
    " at libraries/base/GHC/List.hs:1646:3"
)
R = "$sql score of applicant $int[1000,99999] is 0.$int[100,999]"
R_BAD = 'Error in predict.glm(model, row) : object "income_band" not found\nCalls: score -> predict -> predict.glm\nExecution halted'
JOB = "$time[%H%M%S] STEP POST$int[10,14] ACCT $int[100000,999999] POSTED"
JOB_BAD = "$time[%H%M%S] STEP POST$int[10,14] ACCT $int[100000,999999] ABENDED S0C7 AT OFFSET 0$hex[4]"
PRINT = "$sql label $int[10000,99999] printed on P$int[1,6]"
PRINT_BAD = "$sql label $int[10000,99999] not printed, P$int[1,6] out of paper or offline"
AMQ = (
    "$comma | $level | $message | org.apache.activemq.broker | Transport: tcp:///$ip:$int[30000,60000]@61616"
)
AMQ_OK = (
    "$comma | INFO  | session of client $int[100,999] opened | org.apache.activemq.broker | Transport:"
    " tcp:///$ip:$int[30000,60000]@61616"
)
AMQ_BAD = (
    "$comma | WARN  | Transport Connection to: tcp://$ip:$int[30000,60000] failed: java.io.EOFException |"
    " org.apache.activemq.broker | Transport: tcp:///$ip:$int[30000,60000]@61616"
)
GRID = "$sql settle: message $hex[8] acknowledged by market"
GRID_BAD = "$sql settle: message $hex[8] was rejected by market (schema version unknown)"
ELECTRON = "$iso render job=$int[1000,9999] page=$int[1,40] ok"
ELECTRON_BAD = "$iso render job=$int[1000,9999] page=$int[1,40] gave up after 3 tries, blank page stored"
SEND = "$comma INFO [dispatch] courier $int[100,999] accepted tour $int[1000,99999]"
NO_SEND = "$comma INFO [dispatch] no courier accepted tour $int[1000,99999], giving it back to planning"

CASES = (
    case(
        "ruby-nomethoderror",
        NOT_PROMOTE,
        "Four of ten letters of the canary end in a NoMethodError.",
        Scene(RUBY, ((60, RUBY), (40, RUBY_BAD))),
    ),
    case(
        "ruby-warning-once",
        PROMOTE,
        "Ruby warns at the start that a gem will leave the standard library; all letters are stamped.",
        Scene(
            RUBY,
            Log(
                (Phase(RUBY),),
                start=(
                    "$time[%H:%M:%S] worker.1 | /app/lib/stamp.rb:2: warning: ostruct was loaded from the standard library,"
                    " but will no longer be part of the default gems starting from Ruby 3.5.0.",
                ),
            ),
        ),
    ),
    case(
        "lua-nil-field",
        NOT_PROMOTE,
        "A third of the canary's zones end with an index of a nil value.",
        Scene(LUA, ((66, LUA), (34, LUA_BAD))),
    ),
    case(
        "lua-zone-empty",
        PROMOTE,
        "A new line says of each tenth zone that it has no night tariff, which is its nature.",
        Scene(
            LUA,
            added(
                LUA,
                (0.1, "$time[%Y/%m/%d %H:%M:%S] tariff: zone $int[1,40] has no night band, day band applies"),
            ),
        ),
    ),
    case(
        "kotlin-timeouts",
        NOT_PROMOTE,
        "Half of the canary's fares time out after 3 s.",
        Scene(KOTLIN, ((50, KOTLIN), (50, KOTLIN_BAD)), weight=20, rate=220),
    ),
    case(
        "kotlin-timeout-setting",
        PROMOTE,
        "The canary says at its start which time-outs are set, and then offers its fares.",
        Scene(
            KOTLIN,
            Log(
                (Phase(KOTLIN),),
                start=(
                    "$time[%H:%M:%S.%L] [main] timeouts: offer=3000ms upstream=2500ms, retry on failure: true, max errors 5",
                ),
            ),
            weight=20,
            rate=220,
        ),
    ),
    case(
        "swift-not-relayed",
        NOT_PROMOTE,
        "A third of the canary's pushes could not be relayed, at notice.",
        Scene(SWIFT, ((67, SWIFT), (33, SWIFT_BAD))),
    ),
    case(
        "haskell-empty-list",
        NOT_PROMOTE,
        "A quarter of the canary's bills end in head of an empty list.",
        Scene(HASKELL, ((75, HASKELL), (25, HASKELL_BAD))),
    ),
    case(
        "haskell-bill-empty",
        PROMOTE,
        "Bills without an item are closed at once, one in twelve, which the canary says and stable did not.",
        Scene(
            HASKELL,
            added(HASKELL, (0.08, "[$sql] bill $int[1000,99999] has no items, closed without charge")),
        ),
    ),
    case(
        "r-object-not-found",
        NOT_PROMOTE,
        "Half of the canary's scores end with an object that is not found.",
        Scene(R, ((50, R), (50, R_BAD)), rate=120),
    ),
    case(
        "mainframe-abend",
        NOT_PROMOTE,
        "Four of ten accounts of the canary ABENDED with S0C7.",
        Scene(JOB, ((60, JOB), (40, JOB_BAD)), weight=30),
    ),
    case(
        "labels-not-printed",
        NOT_PROMOTE,
        "A third of the canary's labels are not printed.",
        Scene(PRINT, ((66, PRINT), (34, PRINT_BAD))),
    ),
    case(
        "labels-paper-low",
        PROMOTE,
        "The canary mentions every minute how much paper is left; all labels are printed.",
        Scene(
            PRINT,
            Log(
                (Phase(PRINT),),
                every=((60.0, "$sql paper left on P$int[1,6]: $int[20,90] %, offline printers: none"),),
            ),
        ),
    ),
    case(
        "activemq-eof-alike",
        PROMOTE,
        "Clients that leave without a word are warned of as often on both sides.",
        Scene(((94, AMQ_OK), (6, AMQ_BAD)), ((94, AMQ_OK), (6, AMQ_BAD)), weight=40, rate=240),
    ),
    case(
        "activemq-eof-60pct",
        NOT_PROMOTE,
        "Six of ten transports of the canary failed, at WARN; one in fifty of stable's.",
        Scene(((98, AMQ_OK), (2, AMQ_BAD)), ((40, AMQ_OK), (60, AMQ_BAD))),
    ),
    case(
        "market-rejects",
        NOT_PROMOTE,
        "The market rejects four of ten messages of the canary.",
        Scene(GRID, ((60, GRID), (40, GRID_BAD)), weight=30),
    ),
    case(
        "market-acknowledges-later",
        PROMOTE,
        "Some messages are acknowledged on the second poll, which the canary says.",
        Scene(GRID, ((80, GRID), (20, "$sql settle: message $hex[8] acknowledged by market on second poll"))),
    ),
    case(
        "render-gave-up",
        NOT_PROMOTE,
        "Half of the canary's pages are given up after three tries.",
        Scene(ELECTRON, ((50, ELECTRON), (50, ELECTRON_BAD))),
    ),
    case(
        "no-courier",
        NOT_PROMOTE,
        "For 45 of 100 tours of the canary no courier accepts; on stable one does for each.",
        Scene(SEND, ((55, SEND), (45, NO_SEND)), weight=30),
    ),
    case(
        "courier-declined-then-taken",
        PROMOTE,
        "A new line says which couriers were asked before one accepted; every tour is accepted.",
        Scene(
            SEND,
            added(
                SEND, (0.3, "$comma INFO [dispatch] tour $int[1000,99999] was offered to $int[2,4] couriers")
            ),
        ),
    ),
)

"""Models and media: vLLM, a spam classifier, embeddings, a trainer, ffmpeg of a live channel, a packager, speech to text."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, climbing, line
from cases.scene import Scene

case = partial(Case, half="tuned")

VLLM = (
    "INFO $time[%m-%d %H:%M:%S] [loggers.py:127] Engine 000: Avg prompt throughput: $dec[300,700,1] tokens/s, Avg generation"
    " throughput: $gen tokens/s, Running: $running reqs, Waiting: $waiting reqs, GPU KV cache usage: $cache%, Prefix cache"
    " hit rate: $dec[38,51,1]%"
)
ENGINE = line(VLLM, gen="$dec[410,660,1]", running="$int[9,24]", waiting="$int[0,2]", cache="$dec[20,48,1]")
ENGINE_SLOW = line(VLLM, gen="$dec[9,31,1]", running="$int[1,2]", waiting="$int[60,180]", cache="$dec[1,4,1]")
ENGINE_FULLER = line(
    VLLM, gen="$dec[420,690,1]", running="$int[9,24]", waiting="$int[0,2]", cache="$dec[52,79,1]"
)

SPAM = "$epochf classify msg=$hex[12] label=$label p=$p model=spam-$model $int[6,14]ms"
HAM = line(SPAM, label="ham ", p="0.$int[70,99]")
JUNK = line(SPAM, label="spam", p="0.$int[81,99]")
NO_IDEA = line(SPAM, label="ham ", p="0.50")

EMBED = '{"t":"$iso","ev":"embedded","doc":"$uuid","chunks":$int[3,40],"dim":$dim,"norm":$norm,"truncated":$int[0,2]}'
EMBED_SKIP = '{"t":"$iso","ev":"unchanged","doc":"$uuid"}'

TRAIN = "[rank$int[0,3]] step $seq[48000] | lr 3.00e-05 | loss $loss | grad_norm $norm | tok/s $int[11800,12900] | mem 61.$int[1,9]G"
STEP = line(TRAIN, loss="1.$int[71,93]", norm="0.$int[31,64]")
SAVED = "[rank0] checkpoint step $seq[48000] written to s3://runs/ft-$int[10,14]/ in $int[9,14]s"

FFMPEG = "ch$int[1,6] frame=$seq[910200,50] fps=$fps q=23.0 size=N/A time=$time[%H:%M:%S].04 bitrate=N/A dup=$dup drop=$drop speed=$speed"
LIVE = line(FFMPEG, fps="50", dup="0", drop="$int[0,1]", speed="1x")
HLS = "ch$int[1,6] [hls @ 0x55d$hex[9]] Opening 'seg_$seq[18000].ts' for writing"
PIXELS = "ch$int[1,6] [swscaler @ 0x55d$hex[9]] deprecated pixel format used, make sure you did set range correctly"

PACK = "$sql packager: asset $int[7000000,7999999] packaged video=$video audio=$audio text=$text bytes=$int[210,960]M in $int[20,80]s"
PACKED = line(PACK, video="$int[4,6]", audio="$int[1,3]", text="$int[0,8]")
FETCHED = "$sql packager: mezzanine $int[7000000,7999999] fetched, $int[2,9] GiB"

WHISPER = "transcript call=$int[100000,999999] audio=$int[60,600]s lang=$lang words=$words rtf=0.$int[11,29]"
SPOKEN = line(WHISPER, lang="$pick[de|de|de|fr|it]", words="$int[130,1400]")
SILENT = line(WHISPER, lang="$pick[de|fr]", words="0")
WRONG = line(WHISPER, lang="$pick[cy|la|nn|haw]", words="$int[130,1400]")

LADDER = "encode|$epoch|vod-$hex[8]|$rung|$kbps kbps|vmaf $vmaf|$int[40,300] s"
RUNGS = "$pick[2160p|1080p|1080p|720p|540p]"

CASES = (
    case(
        "vllm-requests-wait",
        ROLLBACK,
        "The canary's engine runs one or two requests while up to 180 wait and writes a twentieth of stable's tokens a second.",
        Scene(ENGINE, ENGINE_SLOW, rate=24, weight=50, minutes=15, pods=(2, 2), age=400),
        family="measures",
    ),
    case(
        "vllm-fuller-cache",
        PROMOTE,
        "The canary's cache is smaller and so fuller, with room left; no more requests wait and as many tokens are written.",
        Scene(ENGINE, ENGINE_FULLER, rate=24, weight=50, minutes=15, pods=(2, 2), age=400),
        family="measures",
    ),
    case(
        "spam-all-is-ham",
        ROLLBACK,
        "The canary's new model takes every message for ham, each at exactly 0.50; stable finds a third of them to be spam.",
        Scene(
            ((66, line(HAM, model="v14")), (34, line(JUNK, model="v14"))),
            line(NO_IDEA, model="v15"),
            rate=300,
            weight=10,
        ),
        family="unlevelled",
    ),
    case(
        "spam-new-model",
        PROMOTE,
        "The canary's new model has another name and finds the same third of messages to be spam, as surely as the old one.",
        Scene(
            ((66, line(HAM, model="v14")), (34, line(JUNK, model="v14"))),
            ((67, line(HAM, model="v15")), (33, line(JUNK, model="v15"))),
            rate=300,
            weight=10,
        ),
        family="share",
    ),
    case(
        "embeddings-all-zero",
        ROLLBACK,
        "All vectors that the canary embeds have the norm 0.0, so nothing will be found by them; stable's are of norm 1.",
        Scene(
            ((80, line(EMBED, dim="1024", norm="1.0")), (20, EMBED_SKIP)),
            ((80, line(EMBED, dim="1024", norm="0.0")), (20, EMBED_SKIP)),
            rate=110,
            weight=25,
        ),
        family="measures",
    ),
    case(
        "embeddings-norm-with-digits",
        PROMOTE,
        "The canary prints the norm with more digits; its vectors are of length one as stable's are.",
        Scene(
            ((80, line(EMBED, dim="1024", norm="1.0")), (20, EMBED_SKIP)),
            ((80, line(EMBED, dim="1024", norm="$pick[0.99999|1.00000|1.00001]")), (20, EMBED_SKIP)),
            rate=110,
            weight=25,
        ),
        family="formats",
    ),
    case(
        "trainer-loss-nan",
        ROLLBACK,
        "From a third of its time on the canary's loss and gradients are nan, step for step, and it goes on training so.",
        Scene(
            ((95, STEP), (5, SAVED)),
            Log(
                (
                    Phase(((95, STEP), (5, SAVED)), until=0.33),
                    Phase(((95, line(TRAIN, loss="nan", norm="nan")), (5, SAVED))),
                )
            ),
            rate=80,
            weight=50,
            pods=(1, 1),
        ),
        family="measures",
    ),
    case(
        "trainer-loss-falls",
        PROMOTE,
        "The canary's loss falls a little faster than stable's, step by step, with gradients of the same size.",
        Scene(
            ((95, STEP), (5, SAVED)),
            climbing(
                line(TRAIN, norm="0.$int[31,64]"), loss=("1.$int[78,93]", "1.$int[72,86]", "1.$int[66,81]")
            ),
            rate=80,
            weight=50,
            pods=(1, 1),
        ),
        family="measures",
    ),
    case(
        "live-slower-than-time",
        ROLLBACK,
        "The canary encodes live channels at half the speed of time and drops hundreds of frames; stable keeps 50 frames a second.",
        Scene(
            ((70, LIVE), (30, HLS)),
            (
                (
                    70,
                    line(
                        FFMPEG,
                        fps="$int[23,28]",
                        dup="$int[0,3]",
                        drop="$int[400,900]",
                        speed="0.$int[47,56]x",
                    ),
                ),
                (15, HLS),
            ),
            rate=100,
            weight=40,
            pods=(3, 2),
        ),
        family="measures",
    ),
    case(
        "live-pixel-format",
        PROMOTE,
        "The canary's scaler tells of a deprecated pixel format now and then; frames and segments are written as on stable.",
        Scene(
            ((70, LIVE), (30, HLS)),
            ((70, LIVE), (30, HLS), (8, PIXELS)),
            rate=100,
            weight=40,
            pods=(3, 2),
        ),
        family="unlevelled",
    ),
    case(
        "packager-no-sound",
        ROLLBACK,
        "Not one asset that the canary packages has an audio track; each of stable's has one to three.",
        Scene(
            ((70, PACKED), (30, FETCHED)),
            ((70, line(PACK, video="$int[4,6]", audio="0", text="$int[0,8]")), (30, FETCHED)),
            rate=30,
            weight=50,
            minutes=20,
            pods=(2, 1),
        ),
        family="unlevelled",
    ),
    case(
        "packager-one-video-more",
        PROMOTE,
        "The canary packages one rung of video more for each asset; sound and texts are as before.",
        Scene(
            ((70, PACKED), (30, FETCHED)),
            ((70, line(PACK, video="$int[5,7]", audio="$int[1,3]", text="$int[0,8]")), (30, FETCHED)),
            rate=30,
            weight=50,
            minutes=20,
            pods=(2, 1),
        ),
        family="measures",
    ),
    case(
        "speech-in-wrong-tongues",
        NOT_PROMOTE,
        "A third of the canary's calls are heard as Welsh, Latin, Norwegian or Hawaiian; stable hears German, French and Italian.",
        Scene(((94, SPOKEN), (6, SILENT)), ((62, SPOKEN), (32, WRONG), (6, SILENT)), rate=70, weight=30),
        family="languages",
    ),
    case(
        "speech-silent-calls",
        PROMOTE,
        "Calls in which nobody speaks have no words on either side, as seldom on the canary as on stable.",
        Scene(((94, SPOKEN), (6, SILENT)), ((93, SPOKEN), (7, SILENT)), rate=70, weight=30),
        family="share",
    ),
    case(
        "ladder-worse-picture",
        ROLLBACK,
        "All that the canary encodes has a quality (VMAF) of 30 to 50, at a tenth of the bits; stable's is above 90.",
        Scene(
            line(LADDER, rung=RUNGS, kbps="$int[2400,7800]", vmaf="9$int[1,6].$int[0,9]"),
            line(LADDER, rung=RUNGS, kbps="$int[240,700]", vmaf="$int[31,49].$int[0,9]"),
            rate=40,
            weight=50,
            minutes=12,
            pods=(2, 2),
        ),
        family="measures",
    ),
    case(
        "ladder-fewer-bits",
        PROMOTE,
        "The canary's new codec needs two thirds of the bits for a picture as good as stable's.",
        Scene(
            line(LADDER, rung=RUNGS, kbps="$int[2400,7800]", vmaf="9$int[1,6].$int[0,9]"),
            line(LADDER, rung=RUNGS, kbps="$int[1600,5200]", vmaf="9$int[1,6].$int[0,9]"),
            rate=40,
            weight=50,
            minutes=12,
            pods=(2, 2),
        ),
        family="measures",
    ),
)

import pytest

from analyzer.verdicts.contradiction import find_contradiction, find_stated_verdicts, normalize


@pytest.mark.parametrize(
    "text",
    [
        "The canary logs more errors than stable and should be rolled back.",
        "It crashes. It must be rolled back immediately.",
        "The release needs to be rolled\nback.",
        "It ought to be rolled back.",
        "The version has to be rolled back.",
        "It is advised to roll the canary back.",
        "It should now be rolled back.",
        "I recommend rolling back.",
        "I recommend an immediate rollback.",
        "An immediate rollback is required.",
        "It is unstable; a roll-back is warranted.",
        "This canary should not be promoted.",
        "Do not promote this version.",
        "The canary cannot be promoted.",
        "The new version is not safe to promote.",
        "It isn't ready for promotion.",
        "Errors rise.\nRoll back the canary.",
        "Please roll the canary back.",
        "The change should be reverted.",
        "Rollback the canary.",
        "Rollback to 1.4.2 at once.",
        "Revert to 1.4.2.",
        "Abort the rollout.",
        "Rollback recommended.",
        "Errors are new: rollback recommended.",
        "It crashes. Rollback!",
        "You should roll it back.",
        "You should roll the new version back.",
        "It should definitely be rolled back.",
        "It should be immediately rolled back.",
        "Errors rose.\n- Read the logs\n- Roll back the canary",
        "Since the errors began after deploy, it should be rolled back.",
        "The errors began after the deploy and it should be rolled back.",
        "The error was not there before, so it should be rolled back.",
        "It crashed once and should be rolled back.",
        "It crashes when it starts and must be rolled back.",
        "It crashes if a user logs in, so it should be rolled back.",
        "It could not connect and should be rolled back.",
        "Should be rolled back.",
        "I recommend you roll back.",
        "I recommend that the canary be rolled back.",
        "I see no reason to wait: roll back the canary.",
        "Since errors rise it should be rolled back.",
        "It should be rolled back, because it fails if a user logs in.",
        "It does not answer, an immediate rollback is needed.",
        "Later, when traffic came, it crashed and must be rolled back.",
        "Better roll back.",
        "Let's roll back.",
        "Immediate rollback needed.",
        "An immediate rollback is strongly recommended.",
        "This should not go to production.",
        "There is no sign that it recovers and it should be rolled back.",
        "It should be rolled back as soon as possible.",
        "It should be rolled back even if few users meet it.",
        "It should be rolled back until the leak is mended.",
        "It should be rolled back, before more users meet it.",
        "It should be rolled back so that users are served.",
        "It should be rolled back, as it crashes when it starts.",
        "Do not promote until it is mended.",
        "The canary's transactions fail and it should be rolled back.",
        "The right verdict is rollback.",
        "Wait, on reflection the verdict is rollback.",
        "Actually, rollback.",
        "Hmm. Actually, roll back.",
        "Correction: I meant rollback.",
        "I say rollback.",
        "I would roll it back.",
        "The canary is worse than stable.",
        "The canary is clearly worse than the stable version.",
        "The canary must not go on.",
    ],
)
def test_words_that_advise_a_rollback_speak_against_promote(text: str) -> None:
    assert find_contradiction("promote", text)
    assert find_contradiction("rollback", text) == ""
    assert find_contradiction("cannot_tell", text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "It should be promoted.",
        "I recommend promotion.",
        "We recommend promoting it.",
        "The canary is safe to promote.",
        "It should not be rolled back.",
        "No rollback is needed.",
    ],
)
def test_words_that_advise_a_promotion_speak_against_rollback(text: str) -> None:
    assert find_contradiction("rollback", text)
    assert find_contradiction("promote", text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Both serve alike.",
        "Nothing calls for a rollback.",
        "I see no evidence that a rollback is needed.",
        "It does not need to be rolled back.",
        "I do not recommend rolling back.",
        "It doesn't need to be rolled back.",
        "It has no need to be rolled back.",
        "It never needs to be rolled back.",
        "If errors rise, it should be rolled back.",
        "When errors rise, it should be rolled back.",
        "Unless they fall, it should be rolled back.",
        "Until errors rise, nothing should be rolled back.",
        "Before it should be rolled back, errors have to rise.",
        "After that it should be rolled back.",
        "Errors must not rise, otherwise it should be rolled back.",
        "More errors would mean that it should be rolled back.",
        "More errors could mean that it should be rolled back.",
        "In case of errors it should be rolled back.",
        "Nobody asked whether it should be rolled back.",
        "It should be rolled back once the limit is reached.",
        "A transaction was rolled back.",
        "The log says 'rolled back 3 times', on both sides.",
        "The previous release was rolled back.",
        "The rollback of a transaction is logged by both.",
        "Rollback of a transaction is logged by both.",
        "Transactions that should be rolled back are rolled back, as in stable.",
        "The database should roll back transactions; it does.",
        "If errors rise above 1 %, roll back.",
        "If errors rise, roll back to 1.4.2.",
        "Roll back to 1.4.2 if errors rise.",
        "Revert to 1.4.2 should errors rise.",
        "Should it crash later, revert to 1.4.2.",
        "Should it crash:\n- roll back the canary",
        "Roll back only after two more failures.",
        "There is no sign that the canary should be rolled back.",
        "It is unlikely that it needs to be rolled back.",
        "Nothing shows that the canary is worse than stable.",
        "I cannot say the canary is worse than stable.",
        "That doesn't mean it should be rolled back.",
        "Nothing needs to be rolled back.",
        "Watch memory; roll back on OOM.",
        "Had it failed, we would roll back.",
        "Roll back to 1.4.2 when errors rise.",
        "Raise the limit, otherwise it has to be rolled back.",
        "Should errors rise, it should be rolled back.",
        "No reason to roll back.",
        "No rollback recommended.",
        "Rollback is not needed.",
        "Rollback to 1.4.2 is not needed.",
        "I say rollback is not needed.",
        "The verdict is not rollback.",
        "Rollback counts are equal.",
        "Reverted commits are listed by both.",
        "The canary is worse than stable by 0.1 %, within noise.",
        "The canary is slightly worse than stable.",
        "The canary is no worse than stable.",
        "The rollout must not be aborted.",
    ],
)
def test_words_that_only_speak_of_a_rollback_do_not(text: str) -> None:
    assert find_contradiction("promote", text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "It crashes.",
        "The migration cannot be rolled back.",
        "Raise the limit, so that it is safe to promote.",
        "It must not be promoted.",
        "It should be promoted only after the fix.",
        "Do not promote.",
    ],
)
def test_words_that_only_speak_of_a_promotion_do_not(text: str) -> None:
    assert find_contradiction("rollback", text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "should be **rolled back**",
        "should be __rolled back__",
        "should be `rolled_back`",
        "should be <b>rolled back</b>",
        "should be rolled\u2011back",
        "should be r\u043elled b\u0430ck",
        "SHOULD BE R\u041eLLED \u0412ACK",
        "should be rol\u200bled ba\u00adck",
        "should be rolled\u00a0back",
        "should be \uff52\uff4flled back",
        "should be r\u0336o\u0336lled back",
        "should be rol\x00led back",
    ],
)
def test_words_are_read_as_they_are_shown(text: str) -> None:
    assert find_contradiction("promote", normalize(f"It {text}."))


def test_text_that_is_plain_is_left_as_it_is() -> None:
    for text in ("", "Errors: 5 %.\n- cannot_tell, max_size=3\n\nshouldn't", "a - b"):
        assert normalize(text) == text
    assert normalize("shouldn\u2019t") == "shouldn't"
    assert normalize("\ufdfa") == "\ufdfa"
    assert normalize("  * one\n* two") == "- one\n- two"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("{'verdict': 'rollback'}", "rollback"),
        ("{verdict: 'rollback'}", "rollback"),
        ("verdict: rollback\nconfidence: 90", "rollback"),
        ("verdict = ROLL BACK", "rollback"),
        ("| verdict | cannot_tell |", "cannot_tell"),
        ("<verdict>rollback</verdict>", "rollback"),
        ("final_verdict: a rollback", "rollback"),
        (r"{\"verdict\": \"rollback\"}", "rollback"),
        ("verdict: promote", "promote"),
        ("My decision: promote", "promote"),
    ],
)
def test_a_verdict_is_seen_in_any_notation(text: str, verdict: str) -> None:
    assert find_stated_verdicts(text) == {verdict}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The verdict follows.",
        "verdict: promote | rollback | cannot_tell",
        "verdict: see rollback above",
        "rollback",
    ],
)
def test_what_only_names_verdicts_states_none(text: str) -> None:
    assert find_stated_verdicts(text) == set()

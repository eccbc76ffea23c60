import pytest

from analyzer.contradiction import contradicted


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
    ],
)
def test_words_that_advise_a_rollback_speak_against_promote(text: str) -> None:
    assert contradicted("promote", text)
    assert contradicted("rollback", text) == ""
    assert contradicted("cannot_tell", text) == ""


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
    assert contradicted("rollback", text)
    assert contradicted("promote", text) == ""


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
    ],
)
def test_words_that_only_speak_of_a_rollback_do_not(text: str) -> None:
    assert contradicted("promote", text) == ""


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
    assert contradicted("rollback", text) == ""

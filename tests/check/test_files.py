import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from analyzer.check.files import check_files
from analyzer.check.interface import CheckRequest
from analyzer.cli import run

pytestmark = pytest.mark.slow  # each judges whole records or manifests

SOUND = Path(__file__).parent / "sound.yaml"
OURS = (
    (Path(__file__).parents[2] / "examples" / "analysistemplate.yaml")
    .read_text()
    .replace("registry.example.com/", "registry.internal/")
)


def test_each_object_that_is_sound_is_said_to_be(ask: Callable[..., CheckRequest]) -> None:
    found = list(check_files(ask(None, str(SOUND))))
    assert {each.state for each in found} == {"holds"}
    assert [each.about.partition(" ")[2] for each in found] == [
        "AnalysisTemplate judge",
        "Rollout cart",
        "Experiment compare",
        "AnalysisTemplate other",
    ]


def test_a_rollout_in_one_file_uses_a_template_in_another(
    ask: Callable[..., CheckRequest], tmp_path: Path
) -> None:
    template, rollout, *_ = SOUND.read_text().split("---\n")
    for name, text in (("template", template.replace("value: shop", "name: x")), ("rollout", rollout)):
        (tmp_path / name).write_text(text.replace("{name: team, name: x}", "{name: team}"))
    (wrong,) = (
        each
        for each in check_files(ask(None, str(tmp_path / "rollout"), str(tmp_path / "template")))
        if each.state == "wrong"
    )
    assert "judge needs the argument team" in wrong.what
    assert wrong.about.startswith(f"{tmp_path / 'rollout'}:")


def test_a_template_that_runs_something_else_is_known_by_its_arguments_alone(
    ask: Callable[..., CheckRequest], tmp_path: Path
) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(
        SOUND.read_text()
        .split("---\n")[0]
        .replace("tools/rollout-analyzer:1", "curl:1")
        .replace("[analyze,", "[curl,")
    )
    (found,) = check_files(ask(None, str(path)))
    assert (found.state, found.what) == (
        "note",
        "none of its metrics runs rollout-analyzer: it was checked only for what Argo refuses",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [("kind: Service\n", "none of its 1 objects"), ("", "the file is empty"), ("a: [", "no YAML")],
)
def test_a_file_with_nothing_to_look_at_is_wrong(
    ask: Callable[..., CheckRequest], tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "nothing.yaml"
    path.write_text(text)
    (found,) = check_files(ask(None, str(path)))
    assert found.state == "wrong"
    assert says in found.what


def test_a_file_that_is_no_yaml_has_the_line(ask: Callable[..., CheckRequest], tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("a: 1\nb: [\n")
    (found,) = check_files(ask(None, str(path)))
    assert found.file == str(path)
    assert found.line > 1
    assert f"line {found.line}:" in found.what


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "kind: Service\n",
        "",
        "namespace: shop\n",
        "apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\n",
    ],
)
def test_among_others_such_a_file_is_a_note(
    ask: Callable[..., CheckRequest], tmp_path: Path, text: str
) -> None:
    path = tmp_path / "nothing.yaml"
    path.write_text(text)
    told = [each for each in check_files(ask(None, str(path), str(SOUND))) if each.state != "holds"]
    assert [(each.state, each.about) for each in told] == [("note", str(path))]


def test_several_with_nothing_to_look_at_are_wrong(ask: Callable[..., CheckRequest], tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("kind: Service\n")
    assert [each.state for each in check_files(ask(None, str(tmp_path / "a"), str(tmp_path / "b")))] == [
        "wrong",
        "wrong",
    ]


def test_files_as_a_shell_fills_them_in_are_told_how_to_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--offline", "--file", "a.yaml", "b.yaml", "c.yaml"]) == 2
    told = capsys.readouterr().err
    assert "unexpected extra arguments (b.yaml c.yaml)" in told
    assert "Give --file before each file" in told


def test_standard_input_is_a_file(ask: Callable[..., CheckRequest], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(SOUND.read_bytes())))
    found = list(check_files(ask(None, "-")))
    assert [each.about.partition(":")[0] for each in found] == ["-"] * 4


def test_standard_input_without_anything_sends_to_the_command_that_renders_it(
    ask: Callable[..., CheckRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"")))
    (found,) = check_files(ask(None, "-"))
    assert found.state == "wrong"
    assert found.what.startswith("standard input was empty")
    assert "the command that renders it says why" in found.advice


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "kind", "says", "advice"),
    [
        (
            "",
            "AnalysisTemplate",
            "there is no apiVersion: argoproj.io/v1alpha1 is that of AnalysisTemplate",
            "write argoproj.io/v1alpha1",
        ),
        (
            "argoproj.io/v1",
            "Rollout",
            "apiVersion is argoproj.io/v1: argoproj.io/v1alpha1 is that of Rollout",
            "write argoproj.io/v1alpha1",
        ),
        (
            "argoproj.io/v1alpha1",
            "AnalysisTemplat",
            "there is no kind 'AnalysisTemplat'",
            "did you mean AnalysisTemplate?",
        ),
        (
            "argoproj.io/v1alpha1",
            "analysistemplate",
            "there is no kind 'analysistemplate'",
            "did you mean AnalysisTemplate?",
        ),
    ],
)
def test_an_object_that_only_seems_to_be_argos(
    ask: Callable[..., CheckRequest], tmp_path: Path, version: str, kind: str, says: str, advice: str
) -> None:
    path = tmp_path / "seems.yaml"
    head = f"apiVersion: {version}\n" if version else ""
    path.write_text(f"{SOUND.read_text()}---\n{head}kind: {kind}\nmetadata: {{name: x}}\n")
    wrong = {each.what: each.advice for each in check_files(ask(None, str(path))) if each.state == "wrong"}
    assert any(what.startswith(says) and wrong[what] == advice for what in wrong)


@pytest.mark.slow
@pytest.mark.parametrize(
    "head",
    [
        "apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate",
        "apiVersion: kubeflow.org/v1beta1\nkind: Experiment",
        "kind: Kustomization",
    ],
)
def test_objects_of_others_are_left_alone(
    ask: Callable[..., CheckRequest], tmp_path: Path, head: str
) -> None:
    path = tmp_path / "others.yaml"
    path.write_text(f"{SOUND.read_text()}---\n{head}\nmetadata: {{name: x}}\nspec: {{anything: 1}}\n")
    assert {each.state for each in check_files(ask(None, str(path)))} == {"holds"}


@pytest.mark.parametrize(
    "text", ["min_fault_age: 2m\nprometheus: {url: 'http://p'}\n", "gates: []\n", "model: [builtin]\n"]
)
def test_a_config_file_is_said_to_be_one(ask: Callable[..., CheckRequest], tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    (found,) = check_files(ask(None, str(path)))
    assert (found.state, found.what) == (
        "wrong",
        "that is a config file of rollout-analyzer, not a manifest",
    )
    assert found.advice == "give it to --config in place of --file"


@pytest.mark.slow
def test_a_template_that_no_file_has_is_a_note_with_the_one_that_is_meant(
    ask: Callable[..., CheckRequest], tmp_path: Path
) -> None:
    path = tmp_path / "both.yaml"
    path.write_text(
        SOUND.read_text().replace("templates: [{templateName: judge}]", "templates: [{templateName: judgee}]")
    )
    (note,) = (each for each in check_files(ask(None, str(path))) if each.state != "holds")
    assert (note.state, note.what.partition(":")[0]) == (
        "note",
        "the AnalysisTemplate judgee is in no file here",
    )
    assert note.advice.startswith("did you mean judge? ")
    (rollout,) = (each for each in check_files(ask(None, str(path))) if " Rollout cart" in each.about)
    assert rollout.what.endswith("except for what is reported above")


def test_a_key_that_is_there_twice_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = "args: [analyze]\n                    args: [guard]"
    (tmp_path / "twice.yaml").write_text(OURS.replace("args: [analyze, --deadline=5m]", args))
    assert run(["check", "--offline", "--file", str(tmp_path / "twice.yaml")]) == 2
    assert "the key 'args' is there twice" in capsys.readouterr().out


@pytest.mark.slow
def test_a_template_that_two_files_have_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(OURS)
    assert (
        run(
            ["check", "--offline", "--file", str(tmp_path / "one.yaml"), "--file", str(tmp_path / "two.yaml")]
        )
        == 0
    )
    assert "the AnalysisTemplate rollout-analyzer is in" in capsys.readouterr().out

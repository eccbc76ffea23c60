import gzip
from pathlib import Path

import pytest

from analyzer.check.documents import Node, read_documents
from analyzer.cli import run
from analyzer.errors import UsageError


def written(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "manifest.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_every_document_has_its_lines(tmp_path: Path) -> None:
    first, second = read_documents(
        written(
            tmp_path, "kind: A\nspec:\n  list:\n    - x: 1\n    - {x: 2}\n---\n# said\nkind: B\nspec: {}\n"
        )
    )
    assert first.root["spec"]["list"].elements()[1]["x"].number() == 2
    assert first.line(("spec", "list", 1, "x")) == 5
    assert first.line(("spec", "nothing", 7)) == 2
    assert second.line(("spec",)) == 9


def test_what_kubectl_prints_as_a_list_is_taken_apart(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: argoproj.io/v1alpha1\n  kind: Rollout\n  spec: {x: 1}\n"
    (only,) = read_documents(written(tmp_path, text))
    assert only.kind == "Rollout"
    assert only.line(only.root["spec"]["x"].steps) == 6


def test_aliases_are_followed_to_where_they_stand(tmp_path: Path) -> None:
    (only,) = read_documents(written(tmp_path, "a: &a\n  x: 1\nb:\n  c: *a\n"))
    assert only.root["b"]["c"]["x"].number() == 1
    assert only.line(("b", "c", "x")) == 2


WIDE = "a0: &a0 [1, 2]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
DEEP = [
    "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, levels))
    for levels in (100, 5000)
]


@pytest.mark.parametrize("text", ["a: &a [*a]\n", WIDE, *DEEP], ids=["itself", "wide", "deep", "deeper"])
def test_aliases_without_an_end_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="its aliases expand to too much"):
        read_documents(written(tmp_path, text))


def test_another_group_s_kind_is_no_argo_s(tmp_path: Path) -> None:
    (only,) = read_documents(written(tmp_path, "apiVersion: example.com/v1\nkind: Rollout\n"))
    assert only.kind == "example.com/Rollout"


def test_nothing_at_all_is_no_document(tmp_path: Path) -> None:
    assert read_documents(written(tmp_path, "---\n# nothing\n---\n")) == ()


@pytest.mark.parametrize(
    ("text", "says", "advice"),
    [
        ("a: [1\nb: 2\n", "line 2: this is no YAML", "check its indentation"),
        ("a: {{ .Values.a }}\n", "this is no YAML", "render it first: helm template"),
        ("[" * 500, "nested more than 64 levels", ""),
        (b"\xff\xfe\x00", "is not UTF-8", "save it"),
        (gzip.compress(b"{}", mtime=0), "is compressed", "'analyze --evidence'"),
        ("a: 2026-99-99\n", "this is no YAML", ""),
        ("? {a: 1}\n: 2\n", "this is no YAML", ""),
        ("a: !!python/object:os.system x\n", "line 1: this is no YAML", ""),
    ],
)
def test_what_is_no_yaml_is_one_line_and_the_next_step(
    tmp_path: Path, text: str | bytes, says: str, advice: str
) -> None:
    with pytest.raises(UsageError) as error:
        read_documents(written(tmp_path, text))
    assert says in str(error.value)
    assert advice in error.value.advice


def test_a_file_that_is_not_there_says_so() -> None:
    with pytest.raises(UsageError, match=r"cannot read /nowhere\.yaml: No such file"):
        read_documents("/nowhere.yaml")


def test_any_way_through_anything_ends_well() -> None:
    for value in (None, 3, "x", [], [None], {"a": 1}, True):
        node = Node(value)["a"]["b"]
        assert (node.text(), node.number(), node.elements(), list(node.items())) == ("", None, (), [])


@pytest.mark.parametrize("value", ["²", "-²", "٣", "9" * 5000, "{{args.limit}}"])
def test_what_looks_like_a_number_and_is_none_ends_well(value: str) -> None:
    assert Node(value).number() is None


def test_a_limit_that_is_no_number_is_no_bug(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job = '{spec: {backoffLimit: "²", template: {spec: {containers: [{name: c, image: rollout-analyzer, args: [analyze]}]}}}}'
    head = "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: x}\n"
    text = f"{head}spec: {{metrics: [{{name: a, provider: {{job: {job}}}}}]}}\n"
    assert run(["check", "--offline", "--file", written(tmp_path, text)]) == 2
    shown = capsys.readouterr()
    assert "exit code 2" in shown.out
    assert shown.err == ""

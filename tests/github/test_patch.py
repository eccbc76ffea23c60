"""Patches: which line a commit wrote, and where another stood before it."""

from analyzer.github.patch import read_patch, trace_line

PATCH = """@@ -3,6 +3,7 @@ func load() {
 a
 b
-c
+C
+D
 e
 f
 g
@@ -20,3 +21,2 @@ func save() {
 x
-y
 z
\\ No newline at end of file"""


def test_the_lines_that_a_commit_wrote() -> None:
    patch = read_patch(PATCH)
    assert [number for number in range(1, 30) if patch.writes(number)] == [5, 6]
    assert next((line.number, line.text, line.added) for line in patch.lines) == (5, "c", False)


def test_where_another_line_stood_before() -> None:
    patch = read_patch(PATCH)
    stood = {3: 3, 4: 4, 7: 6, 9: 8, 21: 20, 22: 22, 30: 30}
    assert {now: patch.before(now) for now in stood} == stood


def test_how_far_a_line_is_from_what_was_changed() -> None:
    patch = read_patch(PATCH)
    assert [patch.distance(number) for number in (3, 5, 10, 24)] == [2, 0, 4, 2]
    assert read_patch("").distance(7) > 1_000_000


def test_a_line_is_followed_to_the_commit_that_wrote_it() -> None:
    newest = read_patch("@@ -0,0 +1,2 @@\n+one\n+two")
    older = read_patch("@@ -4,0 +5,1 @@\n+five")
    oldest = read_patch("@@ -1 +1 @@\n-a\n+b")
    assert list(trace_line([newest, older, oldest], 7)) == [7, 5]
    assert list(trace_line([newest, older, oldest], 3)) == [3, 1, 1]


def test_what_is_no_patch_changes_nothing() -> None:
    assert read_patch("Binary files differ").lines == ()

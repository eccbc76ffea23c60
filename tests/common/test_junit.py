from xml.etree import ElementTree as ET

from analyzer.common.junit import JunitCase, Suite, render


def test_each_suite_counts_its_own_and_the_document_all() -> None:
    suites = ET.fromstring(
        render(
            "all",
            [
                Suite("a", [JunitCase("1"), JunitCase("2", "failure", "no")]),
                Suite("b", [JunitCase("3", "error", "?")]),
            ],
        )
    )
    assert [
        (each.get("name"), each.get("tests"), each.get("failures"), each.get("errors"))
        for each in (suites, *suites)
    ] == [
        ("all", "3", "1", "1"),
        ("a", "2", "1", "0"),
        ("b", "1", "0", "1"),
    ]


def test_text_of_others_is_text() -> None:
    hostile = "a\"b'<c>&\x1b[31m\x00\ud800]]>"
    suites = ET.fromstring(
        render("x", [Suite(hostile, [JunitCase(hostile, "failure", hostile), JunitCase("ok", text=hostile)])])
    )
    [failure], [said] = suites.findall(".//failure"), suites.findall(".//system-out")
    assert failure.get("message") == said.text == suites[0].get("name") == "a\"b'<c>&[31m]]>"

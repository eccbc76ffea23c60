"""What a table names is what is returned."""

import pytest

from analyzer.common.lazy_imports import load_object
from analyzer.common.short import cut


def test_a_place_names_an_object_of_a_module() -> None:
    assert load_object("analyzer.common.short:cut") is cut


@pytest.mark.parametrize("place", ["analyzer.common.short:nothing", "analyzer.no_such_module:cut"])
def test_a_place_that_is_not_there_is_a_bug_of_ours(place: str) -> None:
    with pytest.raises((AttributeError, ImportError)):
        load_object(place)

"""The years that pages offer to choose from."""

import pytest

from config.years import years_to_choose
from tests.pages import get


def test_choice_goes_back_from_this_year_and_further_from_an_early_one():
    assert list(years_to_choose(2012, this_year=2012)) == [*range(2012, 2001, -1)]
    assert list(years_to_choose(None, this_year=2012)) == [2012, 2011, 2010]
    assert years_to_choose(2026, this_year=2026)[-1] == 2010
    assert list(years_to_choose(2028, this_year=2026))[:3] == [2028, 2027, 2026]
    assert years_to_choose(1931, this_year=2026)[-1] == 1930
    assert years_to_choose(7, this_year=2026) == years_to_choose(None, this_year=2026)


@pytest.mark.parametrize("address", ["/tong-ket/1984/K/", "/bien-dong/?nam=1984", "/ky-luat/?nam=1984"])
def test_page_of_an_early_year_shows_it_as_chosen(cast, client_of, address):
    options = get(client_of(cast.office), address).first("select", name="nam").all("option")
    assert [option.text for option in options if "selected" in option.attributes] == ["1984"]
    assert "1974" in {option.text for option in options}

"""The graph's explorer in a real browser: the schema, and the operation that is meant."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.end_to_end.web.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SEVERAL = """# query Commented { __typename }
query First { first: __typename }
fragment Meta on Query { third: __typename }
query Second { second: __typename ...Meta }
"""


async def test_the_schema_begins_with_what_can_be_asked(visits: Visits) -> None:
    page = await visits.page("/graphql")
    types = page.locator("#types summary")
    await expect(types.first).to_have_text("Query")
    assert (await types.all_inner_texts())[:3] == ["Query", "Mutation", "Subscription"]


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("Control+Home", {"first": "Query"}),
        ("Control+End", {"second": "Query", "third": "Query"}),
    ],
)
async def test_of_several_operations_the_one_with_the_cursor_runs(
    visits: Visits, keys: str, answer: dict[str, str]
) -> None:
    page = await visits.page("/graphql")
    operation = page.get_by_label("Operation")
    await operation.fill(_SEVERAL)
    await operation.press(keys)
    await operation.press("Control+Enter")
    shown = page.locator("#answer")
    for name, value in answer.items():
        await expect(shown).to_contain_text(f'"{name}": "{value}"')
    await expect(shown).not_to_contain_text("errors")

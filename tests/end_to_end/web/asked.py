"""What somebody does elsewhere, while a page is open: through the graph, without a browser."""

from __future__ import annotations

from typing import Any

import httpx

from tests.end_to_end.web.visits import PATIENCE, Account

__all__ = ["Somebody", "elsewhere"]

_LOGIN = """mutation ($l: String!, $p: String!) {
  login(input: {login: $l, password: $p}) { session { accessToken } } }"""


class Somebody:
    """Signed in, and asks the graph."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data; fails on errors, also on those that a payload lists."""
        answer = await _post(self._url, query, variables, {"authorization": f"Bearer {self._token}"})
        assert "errors" not in answer, answer
        for payload in answer["data"].values():
            assert not (isinstance(payload, dict) and payload.get("userErrors")), payload
        return answer["data"]


async def elsewhere(url: str, account: Account) -> Somebody:
    """Sign in by the graph."""
    answer = await _post(url, _LOGIN, {"l": account.handle, "p": account.password}, {})
    return Somebody(url, answer["data"]["login"]["session"]["accessToken"])


async def _post(url: str, query: str, variables: Any, headers: dict[str, str]) -> Any:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        body = {"query": query, "variables": variables}
        return (await client.post(f"{url}/graphql", json=body, headers=headers)).json()

"""What the tests of the web app pass around: the product, somebody, and the pages they visit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Response


class Product(Protocol):
    """What the fixture ``product`` gives: the whole thing, running."""

    url: str
    home: Path


@dataclass(frozen=True, slots=True)
class Account:
    handle: str
    name: str
    password: str


SignIn = Callable[[Page, Account], Awaitable[None]]


@dataclass  # without slots: playwright keeps its wrappers of our handlers on the object
class Visits:
    """Pages of one browser, signed in or not, with what they logged and what they were refused."""

    context: BrowserContext
    url: str
    complaints: list[str]

    async def page(self, path: str = "/") -> Page:
        page = await self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"thrown: {error}"))
        page.on("response", self._answered)
        await page.goto(self.url + path)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")

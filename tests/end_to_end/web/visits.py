"""What the tests of the web app pass around: the product, somebody, and the pages they visit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Response


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
SignOut = Callable[[Page], Awaitable[None]]

PATIENCE = 180
"""Seconds until what does not come is given up. A busy machine is slow; where it is quick, waiting longer costs nothing."""


@asynccontextmanager
async def browsing(browser: Browser) -> AsyncIterator[BrowserContext]:
    """Somebody's own browser, closed at the end; what it asks for then is nobody's any more."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)
    try:
        yield context
    finally:
        for page in context.pages:
            await page.unroute_all(behavior="ignoreErrors")
        await context.unroute_all(behavior="ignoreErrors")
        await context.close()


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

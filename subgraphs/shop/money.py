"""Money: minor units and a currency, exact in every sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Money"]

_LARGEST = 2**53 - 1
"""What a JSON number holds exactly everywhere."""


@dataclass(frozen=True, slots=True)
class Money:
    """``amount`` in the currency's smallest unit (cents), ``currency`` by ISO 4217."""

    amount: int
    currency: str

    @classmethod
    def parse(cls, value: Any) -> Money:
        """From ``{"amount": 1999, "currency": "EUR"}``; raises ValueError."""
        if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
            raise ValueError('Money is {"amount": 1999, "currency": "EUR"}, in minor units')
        amount, currency = value["amount"], value["currency"]
        if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= _LARGEST:
            raise ValueError("an amount of money is a whole number of minor units, not below 0")
        if not isinstance(currency, str) or not (
            len(currency) == 3 and currency.isalpha() and currency.isupper()
        ):
            raise ValueError("a currency is three capital letters (ISO 4217)")
        return cls(amount, currency)

    def serialise(self) -> dict[str, Any]:
        """As the graph shows it."""
        return {"amount": self.amount, "currency": self.currency}

    def times(self, quantity: int) -> Money:
        return Money(self.amount * quantity, self.currency)

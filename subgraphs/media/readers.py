"""Who looks at pictures: a person or nobody in particular, and the share link they hold."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.identity.viewer import ANONYMOUS, Viewer

__all__ = ["NOBODY", "Reader"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a signed address is made for, and as whom the policy is asked again when it is used."""

    viewer: Viewer = ANONYMOUS
    share: UUID | None = None
    """The share link that was opened."""

    @property
    def name(self) -> str:
        """As an address carries it: ``-`` or a person's id, and ``.`` and the link's id where one is held."""
        person = self.viewer.id.hex if self.viewer.id else "-"
        return f"{person}.{self.share.hex}" if self.share else person

    @classmethod
    def named(cls, name: str) -> Reader | None:
        """The other way round; None for what is no such name."""
        person, dot, share = name.partition(".")
        try:
            viewer = ANONYMOUS if person == "-" else Viewer(id=_id(person))
            return cls(viewer, _id(share) if dot else None)
        except ValueError:
            return None


NOBODY = Reader()


def _id(text: str) -> UUID:
    if len(text) != 32:
        raise ValueError(text)
    return UUID(hex=text)

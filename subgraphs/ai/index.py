"""What is kept of people, posts and products, from their domains' events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, String, bindparam, delete, func, literal_column
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from subgraphs.ai.models import LISTED, RELATED, TABLES, Embedding
from subgraphs.ai.providers import Provider
from subgraphs.ai.repository import SearchRepository
from subgraphs.ai.texts import words
from subgraphs.kit.authorization.relations import RELATION_CHANGED, project_relation
from subgraphs.kit.database.transaction import Event, Transaction
from subgraphs.kit.events.consumer import Handlers

__all__ = ["Entry", "Indexer"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One public thing, as it is searched."""

    type: str
    id: UUID
    owner: UUID
    title: str
    text: str


class Indexer:
    """The handlers of events: what is public is entered, what no longer is is taken out."""

    def __init__(self, provider: Provider, repository: SearchRepository) -> None:
        self._provider = provider
        self._repository = repository

    def handlers(self) -> Handlers:
        return {
            RELATION_CHANGED: self._relation_changed,
            "user.profile_changed": self._profile_changed,
            "content.post_published": self._post_changed,
            "content.post_changed": self._post_changed,
            "content.post_deleted": self._post_changed,
            "shop.product_changed": self._product_changed,
        }

    async def enter(self, tx: Transaction, entries: Sequence[Entry]) -> None:
        """Enter these, in place of what was entered of them before."""
        vectors = await self._provider.embed([f"{e.title}\n{e.text}".strip() for e in entries])
        rows = [
            {
                "type": entry.type,
                "id": entry.id,
                "owner": entry.owner,
                "provider": self._provider.name,
                "coordinates": vector,
                "title": " ".join(words(entry.title)),
                "text": " ".join(words(entry.text)),
            }
            for entry, vector in zip(entries, vectors, strict=True)
        ]
        await tx.session.execute(_ENTER, rows)

    async def remove(self, tx: Transaction, type_name: str, subject: UUID) -> None:
        await tx.session.execute(
            delete(Embedding).where(
                col(Embedding.subject_type) == type_name, col(Embedding.subject_id) == subject
            )
        )

    async def _relation_changed(self, tx: Transaction, event: Event) -> None:
        await project_relation(tx, event, TABLES)

    async def _profile_changed(self, tx: Transaction, event: Event) -> None:
        told = event.payload
        user = UUID(told["id"])
        title = f"{told['displayName']} {told['handle']}"
        entry = Entry("User", user, user, title, told["bio"] or "")
        await self._apply(tx, entry, public=not told["deleted"])

    async def _post_changed(self, tx: Transaction, event: Event) -> None:
        told = event.payload
        entry = Entry("Post", UUID(told["id"]), UUID(told["author"]), "", told["body"])
        await self._apply(tx, entry, public=told["visibility"] == "PUBLIC" and not told["deleted"])

    async def _product_changed(self, tx: Transaction, event: Event) -> None:
        told = event.payload
        entry = Entry(
            "Product", UUID(told["id"]), UUID(told["ownerId"]), told["name"], told["description"] or ""
        )
        before = await self._repository.likest_now(tx, entry.id)
        await self._apply(tx, entry, public=told["published"] and not told["deleted"])
        after = await self._repository.likest_now(tx, entry.id)
        tx.forget(LISTED, entry.id)
        tx.forget(RELATED, entry.id, *{*before, *after})  # likeness is mutual

    async def _apply(self, tx: Transaction, entry: Entry, *, public: bool) -> None:
        if public:
            await self.enter(tx, [entry])
        else:
            await self.remove(tx, entry.type, entry.id)


def _terms() -> ColumnElement[str]:
    """Words as written, which prefixes find, and stems, which other forms of a word find."""
    title, text = bindparam("title", type_=String), bindparam("text", type_=String)

    def weighted(language: str, written: ColumnElement[str], weight: str) -> ColumnElement[str]:
        config: ColumnElement[str] = literal_column(f"'{language}'::regconfig")
        label: ColumnElement[str] = literal_column(f"'{weight}'::\"char\"")
        return func.setweight(func.to_tsvector(config, written), label, type_=TSVECTOR)

    parts = weighted("simple", title, "A"), weighted("simple", text, "B")
    return parts[0].op("||")(parts[1]).op("||")(weighted("english", title + " " + text, "C"))


def _enter() -> Executable:
    statement = upsert(Embedding).values(
        subject_type=bindparam("type"),
        subject_id=bindparam("id"),
        owner_id=bindparam("owner"),
        model=bindparam("provider"),
        vector=bindparam("coordinates"),
        terms=_terms(),
    )
    return statement.on_conflict_do_update(
        index_elements=["subject_type", "subject_id"],
        set_={name: statement.excluded[name] for name in ("owner_id", "model", "vector", "terms")},
    )


_ENTER = _enter()

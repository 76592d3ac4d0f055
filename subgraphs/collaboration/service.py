"""Making workspaces, deciding who is in them, writing documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from subgraphs.collaboration.events import emit_document
from subgraphs.collaboration.models import DOCUMENT, PUBLIC, WORKSPACE, WORKSPACE_SLUG, Document, Workspace
from subgraphs.collaboration.policies import may_administer, may_write
from subgraphs.collaboration.repository import CollaborationRepository
from subgraphs.kit.authorization.relations import NO_RELATION
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected

__all__ = ["CollaborationService", "DocumentChanges", "NewDocument", "Services"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What a new document is made of."""

    workspace: UUID
    title: str
    content: str = ""
    visibility: str = "WORKSPACE"
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentChanges:
    """What is None stays. ``expected_version`` is the one the writer read."""

    expected_version: int
    title: str | None = None
    content: str | None = None
    visibility: str | None = None


class CollaborationService:
    """Everything that writes workspaces and documents."""

    def __init__(self, resources: Resources, repository: CollaborationRepository) -> None:
        self._resources = resources
        self._repository = repository

    async def create_workspace(
        self, viewer: UUID, name: str, slug: str, description: str | None
    ) -> Workspace:
        """A workspace whose owner is the viewer. Raises Rejected."""
        if not _SLUG.fullmatch(slug) or len(slug) > 80:
            message = "An address has lower-case letters and digits, with single hyphens between."
            raise Rejected(ErrorCode.INVALID_INPUT, message, "slug")
        workspace = Workspace(
            slug=slug,
            name=self._text(name, "name", 100),
            description=self._text(description, "description", 2000) if description else None,
        )
        try:
            async with self._resources.database.write() as tx:
                tx.add(workspace, WORKSPACE)
                tx.forget(WORKSPACE_SLUG, slug)
                await tx.session.flush()
                await self._repository.set_role(tx, workspace.id, viewer, "OWNER")
        except IntegrityError as error:
            raise Rejected(ErrorCode.CONFLICT, "This address is taken.", "slug") from error
        return workspace

    async def set_member(self, viewer: UUID, workspace: UUID, user: UUID, role: str) -> Workspace:
        """Let someone in, or change what they may. An owner always remains. Raises Rejected."""
        relation = (await self._resources.relations.between(viewer, [user])).get(user, NO_RELATION)
        if relation.severed:
            raise Rejected.not_found("account", "userId")
        async with self._resources.database.write() as tx:
            row = await self._administered(tx, viewer, workspace)
            await self._repository.set_role(tx, workspace, user, role)
            await self._keep_an_owner(tx, workspace)
            await tx.audit(viewer, "member.set", ("Workspace", workspace.hex), user=user.hex, role=role)
            return row

    async def remove_member(self, viewer: UUID, workspace: UUID, user: UUID) -> Workspace:
        """Owners remove anyone, everyone themselves; an owner always remains. Raises Rejected."""
        async with self._resources.database.write() as tx:
            if user == viewer:
                row = await self._repository.workspace_for_update(tx, workspace)
                if row is None:
                    raise Rejected.not_found("workspace", "workspaceId")
            else:
                row = await self._administered(tx, viewer, workspace)
            if not await self._repository.remove(tx, workspace, user):
                raise Rejected.not_found("member", "userId")
            await self._keep_an_owner(tx, workspace)
            await tx.audit(viewer, "member.removed", ("Workspace", workspace.hex), user=user.hex)
            return row

    async def create_document(self, viewer: UUID, new: NewDocument) -> Document:
        """A document in a workspace the viewer writes in. Raises Rejected."""
        title, content = self._text(new.title, "title", 300), self._content(new.content)
        async with self._resources.database.write() as tx:
            made = await tx.once(viewer, "createDocument", new.idempotency_key, new)
            if made is not None:
                found = await self._repository.document_for_update(tx, UUID(made))
                if found is None:
                    raise Rejected.not_found("document")
                return found
            await self._require_writer(tx, viewer, new.workspace, "workspaceId")
            document = Document(
                workspace_id=new.workspace,
                title=title,
                content=content,
                visibility=new.visibility,
                created_by=viewer,
                updated_by=viewer,
            )
            tx.add(document, DOCUMENT)
            tx.forget(PUBLIC, document.created_by)
            emit_document(tx, document)
            await tx.remember(document.id.hex)
            return document

    async def update_document(self, viewer: UUID, document: UUID, changes: DocumentChanges) -> Document:
        """Change what is given, unless someone else has changed it since. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._written(tx, viewer, document)
            if row.revision != changes.expected_version:
                message = f"It has changed since: it is at version {row.revision} now."
                raise Rejected(ErrorCode.CONFLICT, message, "expectedVersion")
            if changes.title is not None:
                row.title = self._text(changes.title, "title", 300)
            if changes.content is not None:
                row.content = self._content(changes.content)
            if changes.visibility is not None:
                row.visibility = changes.visibility
            row.revision += 1
            row.updated_by = viewer
            tx.touch(row, DOCUMENT)
            tx.forget(PUBLIC, row.created_by)
            emit_document(tx, row)
            return row

    async def delete_document(self, viewer: UUID, document: UUID) -> None:
        """Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._written(tx, viewer, document)
            tx.delete(row, DOCUMENT)
            tx.forget(PUBLIC, row.created_by)
            emit_document(tx, row)

    async def _administered(self, tx: Transaction, viewer: UUID, workspace: UUID) -> Workspace:
        """The workspace, locked; not there for those who are not in it, forbidden to those who may not."""
        row = await self._repository.workspace_for_update(tx, workspace)
        role = await self._repository.role(tx, workspace, viewer)
        if row is None or role is None:
            raise Rejected.not_found("workspace", "workspaceId")
        if not may_administer(role):
            raise Rejected(ErrorCode.FORBIDDEN, "Only owners decide who is in.", "workspaceId")
        return row

    async def _keep_an_owner(self, tx: Transaction, workspace: UUID) -> None:
        if await self._repository.owners(tx, workspace) == 0:
            raise Rejected(ErrorCode.CONFLICT, "A workspace keeps at least one owner.", "userId")

    async def _written(self, tx: Transaction, viewer: UUID, document: UUID) -> Document:
        row = await self._repository.document_for_update(tx, document)
        if row is None:
            raise Rejected.not_found("document", "id")
        await self._require_writer(tx, viewer, row.workspace_id, "id", public=row.visibility == "PUBLIC")
        return row

    async def _require_writer(
        self, tx: Transaction, viewer: UUID, workspace: UUID, field: str, *, public: bool = False
    ) -> None:
        role = await self._repository.role(tx, workspace, viewer)
        if role is None and not public:
            raise Rejected.not_found("document" if field == "id" else "workspace", field)
        if not may_write(role):
            raise Rejected(ErrorCode.FORBIDDEN, "You may read here, not write.", field)

    def _text(self, text: str, field: str, longest: int) -> str:
        text = text.strip()
        if not 1 <= len(text) <= longest:
            message = f"This has between 1 and {longest} characters."
            raise Rejected(ErrorCode.INVALID_INPUT, message, field)
        return text

    def _content(self, content: str) -> str:
        limit = self._resources.settings.limits.document_length
        if len(content) > limit:
            message = f"A document has at most {limit:,} characters."
            raise Rejected(ErrorCode.INVALID_INPUT, message, "content")
        return content


@dataclass(frozen=True, slots=True)
class Services:
    """The collaboration domain's service, and its repository for reads that are no batches."""

    repository: CollaborationRepository
    collaboration: CollaborationService

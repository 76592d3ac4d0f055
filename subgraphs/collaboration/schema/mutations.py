"""The collaboration domain's mutations."""

from __future__ import annotations

from uuid import UUID

import strawberry

from subgraphs.collaboration import models
from subgraphs.collaboration.schema.types import Document, DocumentVisibility, Info, Workspace, WorkspaceRole
from subgraphs.collaboration.service import DocumentChanges, NewDocument
from subgraphs.kit.errors import Rejected
from subgraphs.kit.graph.payloads import Payload, user_errors
from subgraphs.kit.graph.relay import id_of

__all__ = ["Mutation"]


@strawberry.input
class CreateWorkspaceInput:
    name: str
    slug: str
    description: str | None = None


@strawberry.input
class SetWorkspaceMemberInput:
    workspace_id: strawberry.ID
    user_id: strawberry.ID
    role: WorkspaceRole = WorkspaceRole.EDITOR


@strawberry.input
class RemoveWorkspaceMemberInput:
    workspace_id: strawberry.ID
    user_id: strawberry.ID


@strawberry.input
class CreateDocumentInput:
    workspace_id: strawberry.ID
    title: str
    content: str = ""
    visibility: DocumentVisibility = DocumentVisibility.WORKSPACE
    idempotency_key: str | None = None


@strawberry.input(description="What is left out stays as it is.")
class UpdateDocumentInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(
        description="The `version` that was read; CONFLICT if it is another now."
    )
    title: str | None = None
    content: str | None = None
    visibility: DocumentVisibility | None = None


@strawberry.input
class DeleteDocumentInput:
    id: strawberry.ID


@strawberry.type
class WorkspacePayload(Payload):
    workspace: Workspace | None = None


@strawberry.type
class DocumentPayload(Payload):
    document: Document | None = None


@strawberry.type
class DeleteDocumentPayload(Payload):
    deleted_id: strawberry.ID | None = None


@strawberry.type
class Mutation:
    @strawberry.mutation
    @user_errors
    async def create_workspace(self, info: Info, input: CreateWorkspaceInput) -> WorkspacePayload:  # noqa: A002
        viewer, service = info.context.viewer.require(), info.context.services.collaboration
        row = await service.create_workspace(viewer, input.name, input.slug, input.description)
        return _workspace(info, row)

    @strawberry.mutation(description="Let someone in, or change what they may.")
    @user_errors
    async def set_workspace_member(self, info: Info, input: SetWorkspaceMemberInput) -> WorkspacePayload:  # noqa: A002
        viewer, service = info.context.viewer.require(), info.context.services.collaboration
        workspace = _raw("Workspace", input.workspace_id, "workspace", "workspaceId")
        user = _raw("User", input.user_id, "account", "userId")
        return _workspace(info, await service.set_member(viewer, workspace, user, input.role.value))

    @strawberry.mutation(description="Owners remove anyone, everyone themselves.")
    @user_errors
    async def remove_workspace_member(
        self,
        info: Info,
        input: RemoveWorkspaceMemberInput,  # noqa: A002
    ) -> WorkspacePayload:
        viewer, service = info.context.viewer.require(), info.context.services.collaboration
        workspace = _raw("Workspace", input.workspace_id, "workspace", "workspaceId")
        user = _raw("User", input.user_id, "account", "userId")
        row = await service.remove_member(viewer, workspace, user)
        return WorkspacePayload() if user == viewer else _workspace(info, row)

    @strawberry.mutation
    @user_errors
    async def create_document(self, info: Info, input: CreateDocumentInput) -> DocumentPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        new = NewDocument(
            workspace=_raw("Workspace", input.workspace_id, "workspace", "workspaceId"),
            title=input.title,
            content=input.content,
            visibility=input.visibility.value,
            idempotency_key=input.idempotency_key,
        )
        return _document(info, await info.context.services.collaboration.create_document(viewer, new))

    @strawberry.mutation
    @user_errors
    async def update_document(self, info: Info, input: UpdateDocumentInput) -> DocumentPayload:  # noqa: A002
        viewer, document = info.context.viewer.require(), _raw("Document", input.id, "document", "id")
        changes = DocumentChanges(
            expected_version=input.expected_version,
            title=input.title,
            content=input.content,
            visibility=input.visibility.value if input.visibility else None,
        )
        service = info.context.services.collaboration
        return _document(info, await service.update_document(viewer, document, changes))

    @strawberry.mutation
    @user_errors
    async def delete_document(self, info: Info, input: DeleteDocumentInput) -> DeleteDocumentPayload:  # noqa: A002
        viewer, document = info.context.viewer.require(), _raw("Document", input.id, "document", "id")
        await info.context.services.collaboration.delete_document(viewer, document)
        info.context.forget()
        return DeleteDocumentPayload(deleted_id=input.id)


def _raw(type_name: str, global_id: str, what: str, field: str) -> UUID:
    raw = id_of(type_name, global_id)
    if raw is None:
        raise Rejected.not_found(what, field)
    return raw


def _workspace(info: Info, row: models.Workspace) -> WorkspacePayload:
    info.context.forget()
    return WorkspacePayload(workspace=Workspace.of(row))


def _document(info: Info, row: models.Document) -> DocumentPayload:
    info.context.forget()
    return DocumentPayload(document=Document.of(row))

"""The content domain's mutations."""

from __future__ import annotations

from uuid import UUID

import strawberry

from subgraphs.content.schema.types import Comment, Info, Post, PostVisibility, ReactionKind
from subgraphs.content.service import NewPost
from subgraphs.kit.errors import Rejected
from subgraphs.kit.graph.payloads import Payload, user_errors
from subgraphs.kit.graph.relay import id_of

__all__ = ["Mutation"]


@strawberry.input
class CreatePostInput:
    body: str
    visibility: PostVisibility = PostVisibility.PUBLIC
    media_ids: list[strawberry.ID] | None = None
    product_ids: list[strawberry.ID] | None = None
    idempotency_key: str | None = None


@strawberry.input(description="What is left out stays as it is.")
class UpdatePostInput:
    id: strawberry.ID
    body: str | None = None
    visibility: PostVisibility | None = None


@strawberry.input
class DeletePostInput:
    id: strawberry.ID


@strawberry.input
class AddCommentInput:
    post_id: strawberry.ID
    body: str
    idempotency_key: str | None = None


@strawberry.input
class DeleteCommentInput:
    id: strawberry.ID


@strawberry.input
class ReactInput:
    post_id: strawberry.ID
    kind: ReactionKind


@strawberry.input
class UnreactInput:
    post_id: strawberry.ID


@strawberry.type
class PostPayload(Payload):
    post: Post | None = None


@strawberry.type
class DeletePostPayload(Payload):
    deleted_id: strawberry.ID | None = None


@strawberry.type
class CommentPayload(Payload):
    comment: Comment | None = None


@strawberry.type
class DeleteCommentPayload(Payload):
    deleted_id: strawberry.ID | None = None


@strawberry.type
class Mutation:
    @strawberry.mutation
    @user_errors
    async def create_post(self, info: Info, input: CreatePostInput) -> PostPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        new = NewPost(
            input.body,
            input.visibility.value,
            tuple(_raw("MediaFile", i, "mediaIds") for i in input.media_ids or ()),
            tuple(_raw("Product", i, "productIds") for i in input.product_ids or ()),
        )
        raw = await info.context.services.content.publish(viewer, new, input.idempotency_key)
        return await _post(raw, info)

    @strawberry.mutation(description="A narrower visibility holds from the next read on.")
    @user_errors
    async def update_post(self, info: Info, input: UpdatePostInput) -> PostPayload:  # noqa: A002
        viewer, raw = info.context.viewer.require(), _raw("Post", input.id, "id")
        visibility = input.visibility.value if input.visibility else None
        await info.context.services.content.change(viewer, raw, input.body, visibility)
        return await _post(raw, info)

    @strawberry.mutation
    @user_errors
    async def delete_post(self, info: Info, input: DeletePostInput) -> DeletePostPayload:  # noqa: A002
        viewer, raw = info.context.viewer.require(), _raw("Post", input.id, "id")
        await info.context.services.content.delete(viewer, raw)
        info.context.forget()
        return DeletePostPayload(deleted_id=input.id)

    @strawberry.mutation
    @user_errors
    async def add_comment(self, info: Info, input: AddCommentInput) -> CommentPayload:  # noqa: A002
        info.context.viewer.require()
        post = _raw("Post", input.post_id, "postId")
        raw = await info.context.services.content.comment(
            info.context, post, input.body, input.idempotency_key
        )
        info.context.forget()
        return CommentPayload(comment=await Comment.load(raw, info))

    @strawberry.mutation(description="One's own, or any below one's own post.")
    @user_errors
    async def delete_comment(self, info: Info, input: DeleteCommentInput) -> DeleteCommentPayload:  # noqa: A002
        viewer, raw = info.context.viewer.require(), _raw("Comment", input.id, "id")
        await info.context.services.content.delete_comment(viewer, raw)
        info.context.forget()
        return DeleteCommentPayload(deleted_id=input.id)

    @strawberry.mutation(description="One reaction per person and post: a second replaces the first.")
    @user_errors
    async def react(self, info: Info, input: ReactInput) -> PostPayload:  # noqa: A002
        return await _react(info, input.post_id, input.kind.value)

    @strawberry.mutation
    @user_errors
    async def unreact(self, info: Info, input: UnreactInput) -> PostPayload:  # noqa: A002
        return await _react(info, input.post_id, None)


def _raw(type_name: str, global_id: str, field: str) -> UUID:
    raw = id_of(type_name, global_id)
    if raw is None:
        what = {"MediaFile": "picture", "Product": "product", "Post": "post", "Comment": "comment"}
        raise Rejected.not_found(what[type_name], field)
    return raw


async def _post(raw: UUID, info: Info) -> PostPayload:
    info.context.forget()
    return PostPayload(post=await Post.load(raw, info))


async def _react(info: Info, global_id: str, kind: str | None) -> PostPayload:
    info.context.viewer.require()
    raw = _raw("Post", global_id, "postId")
    await info.context.services.content.react(info.context, raw, kind)
    return await _post(raw, info)

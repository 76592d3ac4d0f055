"""What people do in the tests of posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from subgraphs.kit.graph.relay import to_global
from tests.subgraphs.harness import Harness

__all__ = ["bodies", "change", "comment", "create", "delete_post", "publish", "react", "relate", "unrelate"]

CREATE = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id body visibility } userErrors { code field } }
}"""
CHANGE = """mutation ($input: UpdatePostInput!) {
  updatePost(input: $input) { post { id body visibility } userErrors { code field } }
}"""
DELETE = "mutation ($id: ID!) { deletePost(input: {id: $id}) { deletedId userErrors { code field } } }"
COMMENT = """mutation ($input: AddCommentInput!) {
  addComment(input: $input) { comment { id body } userErrors { code field } }
}"""
REACT = """mutation ($post: ID!, $kind: ReactionKind!) {
  react(input: {postId: $post, kind: $kind}) {
    post { viewerReaction counts { reactions } } userErrors { code field }
  }
}"""


async def create(content: Harness, who: UUID, **given: Any) -> Any:
    return (await content.ask(CREATE, {"input": {"body": "hello", **given}}, who))["createPost"]


async def publish(content: Harness, who: UUID, body: str = "hello", **given: Any) -> str:
    made = await create(content, who, body=body, **given)
    assert made["userErrors"] == []
    return str(made["post"]["id"])


async def change(content: Harness, who: UUID, post: str, **given: Any) -> Any:
    return (await content.ask(CHANGE, {"input": {"id": post, **given}}, who))["updatePost"]


async def delete_post(content: Harness, who: UUID, post: str) -> Any:
    return (await content.ask(DELETE, {"id": post}, who))["deletePost"]


async def comment(content: Harness, who: UUID, post: str, body: str = "well said", **given: Any) -> Any:
    answer = await content.ask(COMMENT, {"input": {"postId": post, "body": body, **given}}, who)
    return answer["addComment"]


async def react(content: Harness, who: UUID, post: str, kind: str = "LIKE") -> Any:
    return (await content.ask(REACT, {"post": post, "kind": kind}, who))["react"]


async def relate(content: Harness, one: UUID, two: UUID, kind: str) -> None:
    """An edge, as the projection of the user domain's events has it."""
    await content.relate(one, two, kind)


async def unrelate(content: Harness, one: UUID, two: UUID, kind: str) -> None:
    await content.relate(one, two, kind, held=False)


async def bodies(content: Harness, viewer: UUID | None, field: str, *path: str) -> Sequence[str]:
    """The bodies of a connection of posts."""
    found = await content.ask(f"{{ {field} }}", viewer=viewer)
    for name in path:
        found = found[name]
    return [edge["node"]["body"] for edge in found["edges"]]


def user(raw: UUID) -> str:
    return to_global("User", raw)

"""Workspaces and documents: who is in, who may read, who may write."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

from subgraphs.kit.authorization.relations import BLOCK
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.graph.relay import to_global
from tests.cached import comes_to
from tests.subgraphs.harness import Harness

_WORKSPACE = """mutation ($s: String!) { createWorkspace(input: {name: "A place", slug: $s}) {
  workspace { id slug viewerRole } userErrors { code field } } }"""
_MEMBER = """mutation ($w: ID!, $u: ID!, $r: WorkspaceRole!) {
  setWorkspaceMember(input: {workspaceId: $w, userId: $u, role: $r}) { userErrors { code } } }"""
_DOCUMENT = """mutation ($w: ID!, $v: DocumentVisibility!, $k: String) {
  createDocument(input: {workspaceId: $w, title: "T", content: "C", visibility: $v, idempotencyKey: $k}) {
    document { id version } userErrors { code field } } }"""
_UPDATE = """mutation ($d: ID!, $v: Int!, $c: String) {
  updateDocument(input: {id: $d, expectedVersion: $v, content: $c}) {
    document { version content } userErrors { code field } } }"""


async def _workspace(collaboration: Harness, owner: UUID) -> str:
    answer = await collaboration.ask(_WORKSPACE, {"s": f"w-{uuid4().hex[:12]}"}, owner)
    return str(answer["createWorkspace"]["workspace"]["id"])


async def _document(
    collaboration: Harness, owner: UUID, workspace: str, visibility: str = "WORKSPACE"
) -> str:
    answer = await collaboration.ask(_DOCUMENT, {"w": workspace, "v": visibility}, owner)
    return str(answer["createDocument"]["document"]["id"])


async def _set(collaboration: Harness, viewer: UUID, workspace: str, user: UUID, role: str) -> list[str]:
    given = {"w": workspace, "u": to_global("User", user), "r": role}
    errors = (await collaboration.ask(_MEMBER, given, viewer))["setWorkspaceMember"]["userErrors"]
    return [e["code"] for e in errors]


async def test_a_workspace_is_its_members_alone(collaboration: Harness) -> None:
    owner, reader, stranger = uuid4(), uuid4(), uuid4()
    workspace = await _workspace(collaboration, owner)
    document = await _document(collaboration, owner, workspace)
    assert await _set(collaboration, owner, workspace, reader, "VIEWER") == []
    references = [
        {"__typename": "Workspace", "id": workspace},
        {"__typename": "Document", "id": document},
        {"__typename": "Document", "id": to_global("Document", uuid4())},
    ]
    selection = "... on Workspace { viewerRole } ... on Document { title }"
    for viewer, role in ((owner, "OWNER"), (reader, "VIEWER")):
        found = await collaboration.entities(selection, references, viewer)
        assert [f and f.get("viewerRole", f.get("title")) for f in found] == [role, "T", None]
    for other in (stranger, None):
        assert await collaboration.entities(selection, references, other) == [None, None, None]


async def test_who_was_let_in_sees_it_at_once_and_who_was_removed_no_longer(collaboration: Harness) -> None:
    owner, other, slug = uuid4(), uuid4(), f"w-{uuid4().hex[:12]}"
    query = "query ($s: String!) { workspace(slug: $s) { viewerRole } }"
    assert await collaboration.ask(query, {"s": slug}, owner) == {"workspace": None}
    made = await collaboration.ask(_WORKSPACE, {"s": slug}, owner)
    workspace = made["createWorkspace"]["workspace"]["id"]
    assert await collaboration.ask(query, {"s": slug}, owner) == {"workspace": {"viewerRole": "OWNER"}}
    assert await collaboration.ask(query, {"s": slug}, other) == {"workspace": None}
    await _set(collaboration, owner, workspace, other, "VIEWER")
    assert await collaboration.ask(query, {"s": slug}, other) == {"workspace": {"viewerRole": "VIEWER"}}
    remove = """mutation ($w: ID!, $u: ID!) {
      removeWorkspaceMember(input: {workspaceId: $w, userId: $u}) { userErrors { code } } }"""
    await collaboration.ask(remove, {"w": workspace, "u": to_global("User", other)}, owner)
    assert await collaboration.ask(query, {"s": slug}, other) == {"workspace": None}


async def test_readers_do_not_write_and_strangers_find_nothing(collaboration: Harness) -> None:
    owner, reader, stranger = uuid4(), uuid4(), uuid4()
    workspace = await _workspace(collaboration, owner)
    document = await _document(collaboration, owner, workspace)
    await _set(collaboration, owner, workspace, reader, "VIEWER")
    codes = []
    for viewer in (reader, stranger):
        answer = await collaboration.ask(_UPDATE, {"d": document, "v": 1, "c": "X"}, viewer)
        codes.append(answer["updateDocument"]["userErrors"][0]["code"])
        codes += await _set(collaboration, viewer, workspace, stranger, "OWNER")
    assert codes == ["FORBIDDEN", "FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]


async def test_a_workspace_keeps_an_owner(collaboration: Harness) -> None:
    owner = uuid4()
    workspace = await _workspace(collaboration, owner)
    assert await _set(collaboration, owner, workspace, owner, "VIEWER") == ["CONFLICT"]


async def test_of_writers_at_once_one_wins_and_the_others_are_told(collaboration: Harness) -> None:
    owner = uuid4()
    document = await _document(collaboration, owner, await _workspace(collaboration, owner))
    answers = await asyncio.gather(
        *(collaboration.ask(_UPDATE, {"d": document, "v": 1, "c": f"{n}"}, owner) for n in range(5))
    )
    results = [a["updateDocument"]["userErrors"] for a in answers]
    conflict = [{"code": "CONFLICT", "field": ["expectedVersion"]}]
    assert sorted(results, key=len) == [[], conflict, conflict, conflict, conflict]


async def test_the_same_key_makes_one_document(collaboration: Harness) -> None:
    owner = uuid4()
    workspace = await _workspace(collaboration, owner)
    given = {"w": workspace, "v": "WORKSPACE", "k": "once"}
    made = await asyncio.gather(*(collaboration.ask(_DOCUMENT, given, owner) for _ in range(4)))
    assert len({m["createDocument"]["document"]["id"] for m in made}) == 1


async def test_public_documents_are_everyones_but_across_a_block(collaboration: Harness) -> None:
    owner, stranger, blocked = uuid4(), uuid4(), uuid4()
    workspace = await _workspace(collaboration, owner)
    await _document(collaboration, owner, workspace)
    public = await _document(collaboration, owner, workspace, "PUBLIC")
    await collaboration.relate(blocked, owner, BLOCK)
    selection = "... on User { publicDocuments { edges { node { id updatedBy { id } workspace { id } } } } }"
    reference = [{"__typename": "User", "id": to_global("User", owner)}]

    async def seen(viewer: UUID | None) -> Any:
        (found,) = await collaboration.entities(selection, reference, viewer)
        return [e["node"] for e in found["publicDocuments"]["edges"]]

    author = {"id": to_global("User", owner)}
    for viewer in (stranger, None):
        assert await seen(viewer) == [{"id": public, "updatedBy": author, "workspace": None}]
    assert await seen(owner) == [{"id": public, "updatedBy": author, "workspace": {"id": workspace}}]
    assert await seen(blocked) == []


async def test_a_document_made_private_leaves_the_public_ones_at_once(collaboration: Harness) -> None:
    owner = uuid4()
    workspace = await _workspace(collaboration, owner)
    document = await _document(collaboration, owner, workspace, "PUBLIC")
    public = "... on User { publicDocuments { edges { node { id } } } }"
    reference = [{"__typename": "User", "id": to_global("User", owner)}]

    async def seen() -> list[str]:
        found = await collaboration.entities(public, reference, uuid4())
        return [edge["node"]["id"] for edge in found[0]["publicDocuments"]["edges"] if edge["node"]]

    assert await seen() == [document]
    narrow = """mutation ($d: ID!, $v: Int!) { updateDocument(
      input: {id: $d, expectedVersion: $v, visibility: WORKSPACE}) { userErrors { code } } }"""
    told = await collaboration.ask(narrow, {"d": document, "v": 1}, owner)
    assert told == {"updateDocument": {"userErrors": []}}
    assert await seen() == []


async def test_the_statements_of_a_list_do_not_grow_with_it(collaboration: Harness) -> None:
    viewer = uuid4()
    for _ in range(12):
        workspace = await _workspace(collaboration, viewer)
        for _ in range(2):
            await _document(collaboration, viewer, workspace)
    query = """query ($n: Int!) { workspaces(first: $n) { edges { node { name viewerRole members { user { id } }
      documents(first: 5) { edges { node { title updatedBy { id } workspace { slug } } } } } } } }"""

    async def asked() -> list[int]:
        counts = []
        for size in (3, 12):
            with counted_statements() as statements:
                answer = await collaboration.ask(query, {"n": size}, viewer)
            assert len(answer["workspaces"]["edges"]) == size
            counts.append(len(statements))
        return counts

    assert max(await asked()) <= 6
    await comes_to([2, 2], asked)  # the list, and the documents of each

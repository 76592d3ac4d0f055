"""Conversations: opening, sending, reading, and who may."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import String, select

from subgraphs.kit.authorization.relations import BLOCK
from subgraphs.kit.authorization.withdrawn import Withdrawals
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.database.reads import Read, given
from subgraphs.kit.graph.relay import id_of, to_global
from subgraphs.messaging.events import MESSAGE_CHANGED
from subgraphs.messaging.models import TABLES
from tests.cached import comes_to
from tests.subgraphs.harness import Harness, sign

_OPEN = """mutation ($u: ID!) {
  openDirect(input: {userId: $u}) { conversation { id members { user { id } } } userErrors { code field } }
}"""
_SEND = """mutation ($c: ID!, $b: String!, $k: String) {
  sendMessage(input: {conversationId: $c, body: $b, clientId: $k}) {
    message { id seq body } userErrors { code field }
  }
}"""
_READ = """query ($c: ID!) {
  conversation(id: $c) { unreadCount lastSeq messages(first: 50) { edges { node { seq body } } } }
}"""


def _user(raw: UUID) -> str:
    return to_global("User", raw)


async def _open(messaging: Harness, one: UUID, two: UUID) -> str:
    answer = await messaging.ask(_OPEN, {"u": _user(two)}, one)
    return str(answer["openDirect"]["conversation"]["id"])


async def _send(messaging: Harness, who: UUID, conversation: str, body: str, key: str | None = None) -> Any:
    return (await messaging.ask(_SEND, {"c": conversation, "b": body, "k": key}, who))["sendMessage"]


async def test_two_who_open_a_conversation_at_once_get_the_same(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    opened = await asyncio.gather(*(_open(messaging, *p) for p in [(one, two), (two, one)] * 5))
    assert len(set(opened)) == 1


async def test_a_conversation_that_was_not_there_is_there_once_it_is_opened(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    seen = "... on User { viewerConversation { id } }"
    reference = [{"__typename": "User", "id": _user(two)}]
    assert await messaging.entities(seen, reference, one) == [
        {"__typename": "User", "viewerConversation": None}
    ]
    opened = await _open(messaging, one, two)
    assert await messaging.entities(seen, reference, one) == [
        {"__typename": "User", "viewerConversation": {"id": opened}}
    ]


async def test_numbers_are_dense_under_concurrent_senders(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    conversation = await _open(messaging, one, two)
    await asyncio.gather(*(_send(messaging, one if n % 2 else two, conversation, f"{n}") for n in range(20)))
    found = (await messaging.ask(_READ, {"c": conversation}, one))["conversation"]
    assert found["lastSeq"] == 20
    assert [e["node"]["seq"] for e in found["messages"]["edges"]] == list(range(1, 21))


async def test_a_message_sent_again_with_its_client_id_is_stored_once(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    conversation = await _open(messaging, one, two)
    sent = await asyncio.gather(*(_send(messaging, one, conversation, "once", "k1") for _ in range(8)))
    assert len({s["message"]["id"] for s in sent}) == 1
    other = await _send(messaging, one, conversation, "another", "k1")
    assert other == {
        "message": None,
        "userErrors": [{"code": "IDEMPOTENCY_CONFLICT", "field": ["clientId"]}],
    }


async def test_unread_counts_the_others_messages_behind_the_mark(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    conversation = await _open(messaging, one, two)
    for body in ("a", "b", "c"):
        await _send(messaging, one, conversation, body)
    mark = "mutation($c: ID!, $s: Int!) { markRead(input: {conversationId: $c, seq: $s}) { conversation { unreadCount } } }"

    async def marked(seq: int) -> int:
        answer = await messaging.ask(mark, {"c": conversation, "s": seq}, two)
        return int(answer["markRead"]["conversation"]["unreadCount"])

    assert [await marked(2), await marked(1), await marked(99)] == [1, 1, 0]


async def test_unread_is_counted_once_and_anew_after_each_change(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    conversation = await _open(messaging, one, two)
    query = "query($c: ID!) { conversation(id: $c) { unreadCount } }"
    mark = "mutation($c: ID!, $s: Int!) { markRead(input: {conversationId: $c, seq: $s}) { userErrors { code } } }"
    delete = "mutation($m: ID!) { deleteMessage(input: {id: $m}) { userErrors { code } } }"

    async def unread() -> list[int]:
        return [
            (await messaging.ask(query, {"c": conversation}, viewer))["conversation"]["unreadCount"]
            for viewer in (one, two)
        ]

    assert await unread() == [0, 0]
    first = (await _send(messaging, one, conversation, "a"))["message"]["id"]
    await _send(messaging, one, conversation, "b")
    assert await unread() == [0, 2]

    async def statements() -> int:
        with counted_statements() as sent:
            assert await unread() == [0, 2]
        return len(sent)

    await comes_to(0, statements)
    await messaging.ask(delete, {"m": first}, one)
    assert await unread() == [0, 1]
    await messaging.ask(mark, {"c": conversation, "s": 2}, two)
    assert await unread() == [0, 0]


@pytest.mark.parametrize("stranger", [True, False], ids=["a stranger", "an anonymous caller"])
async def test_a_conversation_is_not_there_for_anyone_else(messaging: Harness, stranger: bool) -> None:
    one, two = uuid4(), uuid4()
    conversation = await _open(messaging, one, two)
    message = (await _send(messaging, one, conversation, "secret"))["message"]["id"]
    viewer = uuid4() if stranger else None
    missing = to_global("Conversation", uuid4())
    for asked in (conversation, missing):
        assert await messaging.ask(_READ, {"c": asked}, viewer) == {"conversation": None}
        references = [{"__typename": "Conversation", "id": asked}]
        assert await messaging.entities("... on Conversation { lastSeq }", references, viewer) == [None]
    references = [{"__typename": "Message", "id": m} for m in (message, to_global("Message", uuid4()))]
    assert await messaging.entities("... on Message { body }", references, viewer) == [None, None]
    if stranger:
        for asked in (conversation, missing):
            sent = await messaging.ask(_SEND, {"c": asked, "b": "hello"}, viewer)
            assert sent["sendMessage"]["userErrors"] == [{"code": "NOT_FOUND", "field": ["conversationId"]}]


async def test_a_block_stops_messages_both_ways_and_hides_bodies(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    conversation = await _open(messaging, one, two)
    await _send(messaging, two, conversation, "before")
    await messaging.relate(one, two, BLOCK)
    for viewer in (one, two):
        refused = await _send(messaging, viewer, conversation, "after")
        assert refused["userErrors"] == [{"code": "NOT_FOUND", "field": ["conversationId"]}]
    query = "query($c: ID!) { conversation(id: $c) { messages(last: 1) { edges { node { body sender { id } } } } } }"
    found = await messaging.ask(query, {"c": conversation}, one)
    assert found["conversation"]["messages"]["edges"] == [{"node": {"body": None, "sender": None}}]


async def test_a_deleted_message_keeps_its_number_and_loses_its_body(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    conversation = await _open(messaging, one, two)
    message = (await _send(messaging, one, conversation, "oops"))["message"]["id"]
    delete = (
        "mutation($m: ID!) { deleteMessage(input: {id: $m}) { message { seq body } userErrors { code } } }"
    )
    refused = await messaging.ask(delete, {"m": message}, two)
    assert refused["deleteMessage"] == {"message": None, "userErrors": [{"code": "NOT_FOUND"}]}
    done = await messaging.ask(delete, {"m": message}, one)
    assert done["deleteMessage"] == {"message": {"seq": 1, "body": None}, "userErrors": []}
    found = (await messaging.ask(_READ, {"c": conversation}, two))["conversation"]
    assert found == {
        "unreadCount": 0,
        "lastSeq": 1,
        "messages": {"edges": [{"node": {"seq": 1, "body": None}}]},
    }


async def test_pages_run_both_ways_and_meet(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    conversation = await _open(messaging, one, two)
    for n in range(1, 8):
        await _send(messaging, one, conversation, str(n))
    query = """query ($c: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      conversation(id: $c) { messages(first: $first, after: $after, last: $last, before: $before) {
        edges { node { seq } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""

    async def page(**arguments: Any) -> tuple[list[int], Any]:
        answer = await messaging.ask(query, {"c": conversation, **arguments}, two)
        messages = answer["conversation"]["messages"]
        return [e["node"]["seq"] for e in messages["edges"]], messages["pageInfo"]

    newest, info = await page(last=3)
    assert (newest, info["hasPreviousPage"], info["hasNextPage"]) == ([5, 6, 7], True, False)
    older, info = await page(last=3, before=info["startCursor"])
    assert (older, info["hasPreviousPage"]) == ([2, 3, 4], True)
    next_, info = await page(first=10, after=info["endCursor"])
    assert (next_, info["hasNextPage"]) == ([5, 6, 7], False)


async def test_the_statements_of_a_list_do_not_grow_with_it(messaging: Harness) -> None:
    query = """query ($n: Int!) { conversations(first: $n) { edges { node {
      unreadCount lastMessage { body sender { id } } members { user { id } }
      messages(last: 5) { edges { node { body sender { id } } } } } } } }"""
    viewer = uuid4()
    for _ in range(25):
        other = uuid4()
        conversation = await _open(messaging, viewer, other)
        await _send(messaging, other, conversation, "hello")
        await _send(messaging, viewer, conversation, "hello yourself")

    async def asked() -> list[int]:
        counts = []
        for size in (5, 25):
            with counted_statements() as statements:
                answer = await messaging.ask(query, {"n": size}, viewer)
            assert len(answer["conversations"]["edges"]) == size
            counts.append(len(statements))
        return counts

    assert max(await asked()) <= 8
    await comes_to([3, 3], asked)  # the list, its members, their messages


async def test_a_subscriber_misses_no_number_and_sees_none_twice(messaging: Harness) -> None:
    one, two = uuid4(), uuid4()
    conversation = await _open(messaging, one, two)
    for n in range(3):
        await _send(messaging, one, conversation, str(n))
    query = "subscription($c: ID!) { messageEvents(conversationId: $c, sinceSeq: 1) { seq } }"
    events = messaging.service.subscribe(
        query, {"c": conversation}, None, {"authorization": sign("messaging", two)}
    )
    seen = []
    async with asyncio.timeout(60):
        async for event in events:
            seen.append(event["data"]["messageEvents"]["seq"])
            if len(seen) == 1:
                await asyncio.gather(*(_send(messaging, one, conversation, f"live {n}") for n in range(10)))
            if len(seen) == 12:
                break
    assert seen == list(range(2, 14))


async def test_a_stores_conversation_is_with_its_owner(messaging: Harness) -> None:
    viewer, owner = uuid4(), uuid4()
    conversation = await _open(messaging, viewer, owner)
    store = {"__typename": "Store", "id": to_global("Store", uuid4()), "owner": {"id": _user(owner)}}
    person = {"__typename": "User", "id": _user(owner)}
    selection = "... on Store { viewerConversation { id } } ... on User { viewerConversation { id } }"
    found = await messaging.entities(selection, [store, person], viewer)
    assert [f["viewerConversation"] for f in found] == [{"id": conversation}] * 2


async def test_pictures_go_with_a_message_to_its_members_and_with_it_again(messaging: Harness) -> None:
    one, two, pictures = uuid4(), uuid4(), [uuid4(), uuid4()]
    conversation = await _open(messaging, one, two)
    shown = [{"id": to_global("MediaFile", picture)} for picture in pictures]
    send = """mutation ($i: SendMessageInput!) { sendMessage(input: $i) {
      message { id body attachments { id } } userErrors { code field } } }"""

    async def sent(**fields: Any) -> Any:
        answer = await messaging.ask(send, {"i": {"conversationId": conversation, **fields}}, one)
        return answer["sendMessage"]

    ids = [picture["id"] for picture in shown]
    made = await sent(attachmentIds=ids, clientId="a")
    assert (made["message"]["body"], made["message"]["attachments"]) == ("", shown)
    assert await sent(attachmentIds=ids, clientId="a") == made
    refused = [
        await sent(attachmentIds=ids[:1], clientId="a"),
        await sent(),
        await sent(attachmentIds=[ids[0], ids[0]]),
        await sent(attachmentIds=[to_global("MediaFile", uuid4()) for _ in range(11)]),
        await sent(attachmentIds=[ids[0], to_global("User", one)]),
    ]
    assert [(e["code"], e["field"]) for r in refused for e in r["userErrors"]] == [
        ("IDEMPOTENCY_CONFLICT", ["clientId"]),
        ("INVALID_INPUT", ["body"]),
        ("INVALID_INPUT", ["attachmentIds"]),
        ("INVALID_INPUT", ["attachmentIds"]),
        ("NOT_FOUND", ["attachmentIds", "1"]),
    ]
    read = "query ($c: ID!) { conversation(id: $c) { lastMessage { attachments { id } } } }"
    last = (await messaging.ask(read, {"c": conversation}, two))["conversation"]["lastMessage"]
    assert last == {"attachments": shown}
    delete = "mutation ($m: ID!) { deleteMessage(input: {id: $m}) { message { attachments { id } } } }"
    gone = await messaging.ask(delete, {"m": made["message"]["id"]}, one)
    assert gone["deleteMessage"]["message"] == {"attachments": []}
    outbox = TABLES.outbox
    told = Read(
        select(outbox.c.payload)
        .where(outbox.c.type == MESSAGE_CHANGED, outbox.c.payload["sender"].astext == given("by", String))
        .order_by(outbox.c.id)
    )
    rows = [payload for (payload,) in await messaging.resources.database.rows(told, by=one.hex)]
    assert [(p["version"], p["mediaIds"], p["deleted"]) for p in rows] == [
        (1, [picture.hex for picture in pictures], False),
        (2, [], True),
    ]
    assert sorted(rows[0]["members"]) == sorted([one.hex, two.hex])
    message = id_of("Message", made["message"]["id"])
    assert message is not None
    subject = ("Message.attachments", message)
    assert await Withdrawals(messaging.resources.cache).since([subject]) == {subject: 2}

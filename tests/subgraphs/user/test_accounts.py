"""Accounts and sessions: what they take, what they refuse, and what they give away."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import jwt
from sqlalchemy import String, select

from subgraphs.kit.authorization.withdrawn import Withdrawals
from subgraphs.kit.database.reads import Read, given
from subgraphs.kit.graph.relay import id_of, to_global
from subgraphs.user.events import PROFILE_CHANGED
from subgraphs.user.models import TABLES
from tests.subgraphs.harness import Harness

_SESSION = "session { accessToken refreshToken expiresAt } userErrors { code field }"
_REGISTER = f"""mutation ($h: String!, $e: String!, $p: String!) {{
  register(input: {{handle: $h, displayName: "Someone", email: $e, password: $p}}) {{ user {{ id handle }} {_SESSION} }} }}"""
_LOGIN = (
    f"mutation ($l: String!, $p: String!) {{ login(input: {{login: $l, password: $p}}) {{ {_SESSION} }} }}"
)
_REFRESH = f"mutation ($t: String!) {{ refreshSession(input: {{refreshToken: $t}}) {{ {_SESSION} }} }}"
_PASSWORD = "correct horse battery"


def _name() -> str:
    return f"u{uuid4().hex[:12]}"


async def _register(users: Harness, handle: str, email: str | None = None, password: str = _PASSWORD) -> Any:
    given = {"h": handle, "e": email or f"{handle}@example.org", "p": password}
    return (await users.ask(_REGISTER, given))["register"]


async def test_a_new_account_is_signed_in_for_fifteen_minutes(users: Harness) -> None:
    handle = _name()
    made = await _register(users, handle)
    token = made["session"]["accessToken"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert (claims["aud"], claims["iss"], claims["exp"] - claims["iat"]) == (
        "lets-connect",
        "lets-connect",
        900,
    )
    raw = id_of("User", made["user"]["id"])
    assert claims["sub"] == (raw.hex if raw else None)
    assert claims["roles"] == ["member"]


async def test_a_text_that_no_row_can_hold_is_the_callers_mistake(users: Harness) -> None:
    answers = [
        await users.answer('{ user(handle: "a\\u0000b") { id } }'),
        await users.answer(_LOGIN, {"l": "a\0b", "p": _PASSWORD}),
    ]
    assert [a["errors"][0]["extensions"] for a in answers] == [{"code": "BAD_USER_INPUT"}] * 2


async def test_handles_and_addresses_are_taken_once_in_any_case(users: Harness) -> None:
    handle = _name()
    await _register(users, handle)
    again = await _register(users, handle.upper(), f"other-{handle}@example.org")
    assert again["userErrors"] == [{"code": "HANDLE_UNAVAILABLE", "field": ["handle"]}]
    address = await _register(users, _name(), f"{handle}@EXAMPLE.org")
    assert address["userErrors"] == [{"code": "EMAIL_UNAVAILABLE", "field": ["email"]}]


async def test_who_was_looked_for_before_they_came_is_found_afterwards(users: Harness) -> None:
    handle, query = _name(), "query ($h: String!) { user(handle: $h) { followerCount } }"
    assert await users.ask(query, {"h": handle.upper()}) == {"user": None}
    made = (await _register(users, handle))["user"]["id"]
    assert await users.ask(query, {"h": handle.upper()}) == {"user": {"followerCount": 0}}
    follow = "mutation ($u: ID!) { follow(input: {userId: $u}) { userErrors { code } } }"
    await users.ask(follow, {"u": made}, uuid4())
    assert await users.ask(query, {"h": handle}) == {"user": {"followerCount": 1}}


async def test_of_many_who_want_a_handle_at_once_one_gets_it(users: Harness) -> None:
    handle = _name()
    made = await asyncio.gather(*(_register(users, handle, f"{n}-{handle}@example.org") for n in range(5)))
    assert sorted(m["userErrors"] == [] for m in made) == [False] * 4 + [True]


async def test_what_cannot_be_an_account_says_which_part(users: Harness) -> None:
    answers = [
        await _register(users, "a b"),
        await _register(users, _name(), "no address"),
        await _register(users, _name(), password="short"),
    ]
    assert [a["userErrors"] for a in answers] == [
        [{"code": "INVALID_INPUT", "field": ["handle"]}],
        [{"code": "INVALID_INPUT", "field": ["email"]}],
        [{"code": "WEAK_PASSWORD", "field": ["password"]}],
    ]


async def test_unknown_accounts_answer_as_wrong_passwords_do(users: Harness) -> None:
    handle = _name()
    await _register(users, handle)
    wrong = (await users.ask(_LOGIN, {"l": handle, "p": "wrong"}))["login"]
    unknown = (await users.ask(_LOGIN, {"l": _name(), "p": "wrong"}))["login"]
    assert (
        wrong == unknown == {"session": None, "userErrors": [{"code": "INVALID_CREDENTIALS", "field": None}]}
    )
    for login in (handle.upper(), f"{handle}@example.org"):
        right = (await users.ask(_LOGIN, {"l": login, "p": _PASSWORD}))["login"]
        assert right["userErrors"] == []


async def test_a_refresh_token_seen_twice_ends_its_whole_session(users: Harness) -> None:
    first = (await _register(users, _name()))["session"]["refreshToken"]
    second = (await users.ask(_REFRESH, {"t": first}))["refreshSession"]["session"]["refreshToken"]
    for token in (first, second, "nonsense"):
        answer = (await users.ask(_REFRESH, {"t": token}))["refreshSession"]
        assert answer == {
            "session": None,
            "userErrors": [{"code": "INVALID_REFRESH_TOKEN", "field": ["refreshToken"]}],
        }


async def test_of_two_refreshes_at_once_one_wins_and_the_session_ends(users: Harness) -> None:
    token = (await _register(users, _name()))["session"]["refreshToken"]
    answers = await asyncio.gather(*(users.ask(_REFRESH, {"t": token}) for _ in range(2)))
    won = [a["refreshSession"]["session"] for a in answers if a["refreshSession"]["session"]]
    assert len(won) == 1
    after = (await users.ask(_REFRESH, {"t": won[0]["refreshToken"]}))["refreshSession"]
    assert after["session"] is None


async def test_signing_out_ends_the_session(users: Harness) -> None:
    made = await _register(users, _name())
    claims = jwt.decode(made["session"]["accessToken"], options={"verify_signature": False})
    await users.ask(
        "mutation { logout { userErrors { code } } }", viewer=UUID(claims["sub"]), sid=claims["sid"]
    )
    after = (await users.ask(_REFRESH, {"t": made["session"]["refreshToken"]}))["refreshSession"]
    assert after["session"] is None


async def test_attempts_are_limited_by_account_and_by_address_but_on_loopback(users: Harness) -> None:
    login = _name()
    seen = []
    for _ in range(22):
        answer = await users.answer(_LOGIN, {"l": login, "p": "wrong"})
        seen.append("errors" in answer and answer["errors"][0]["extensions"]["code"])
    assert seen == [False] * 20 + ["RATE_LIMITED"] * 2
    address = f"198.51.100.{uuid4().int % 250}"
    codes = []
    for _ in range(62):
        answer = await users.answer(_LOGIN, {"l": _name(), "p": "wrong"}, addr=address)
        codes.append("errors" in answer and answer["errors"][0]["extensions"]["code"])
    assert codes == [False] * 60 + ["RATE_LIMITED"] * 2


async def test_an_address_is_its_owners_alone_and_a_block_hides_both(users: Harness) -> None:
    one, two = [id_of("User", (await _register(users, _name()))["user"]["id"]) for _ in range(2)]
    assert one is not None
    assert two is not None
    query = (
        "query ($i: ID!) { node(id: $i) { id ... on User { email viewerRelation { following blocking } } } }"
    )

    async def seen(viewer: UUID | None, other: UUID) -> Any:
        return (await users.ask(query, {"i": to_global("User", other)}, viewer))["node"]

    assert (await seen(one, one))["email"].endswith("@example.org")
    assert (await seen(two, one))["email"] is None
    assert (await seen(None, one))["email"] is None
    change = "mutation ($u: ID!) { %s(input: {userId: $u}) { user { id } userErrors { code } } }"
    await users.ask(change % "follow", {"u": to_global("User", two)}, one)
    assert (await seen(one, two))["viewerRelation"] == {"following": True, "blocking": False}
    await users.ask(change % "block", {"u": to_global("User", one)}, two)
    assert (await seen(one, two), await seen(two, one)) == (None, None)
    refused = await users.ask(change % "follow", {"u": to_global("User", two)}, one)
    assert refused["follow"] == {"user": None, "userErrors": [{"code": "NOT_FOUND"}]}
    await users.ask(change % "unblock", {"u": to_global("User", one)}, two)
    assert (await seen(one, two))["viewerRelation"] == {"following": False, "blocking": False}


async def test_an_avatar_is_taken_off_by_null_and_others_are_told_of_it_and_when_it_was_chosen(
    users: Harness,
) -> None:
    made = await _register(users, _name())
    person, picture = id_of("User", made["user"]["id"]), uuid4()
    assert person is not None
    change = """mutation ($i: UpdateProfileInput!) { updateProfile(input: $i) {
      user { avatar { id } } userErrors { code field } } }"""
    worn = to_global("MediaFile", picture)

    async def changed(**fields: str | None) -> Any:
        answer = (await users.ask(change, {"i": fields}, person))["updateProfile"]
        return answer["userErrors"] or (answer["user"]["avatar"] or {}).get("id")

    assert await changed(avatarId=worn) == worn
    assert await changed(displayName="Someone else") == worn
    assert await changed(avatarId=None) is None
    assert await changed(avatarId="") == [{"code": "NOT_FOUND", "field": ["avatarId"]}]
    assert await changed(displayName="Somebody") is None
    rows = await users.resources.database.rows(
        Read(
            select(TABLES.outbox.c.payload)
            .where(
                TABLES.outbox.c.type == PROFILE_CHANGED,
                TABLES.outbox.c.payload["id"].astext == given("person", String),
            )
            .order_by(TABLES.outbox.c.id)
        ),
        person=person.hex,
    )
    told = [(p["version"], p["avatarId"], p["avatarPlacedAt"] is not None) for (p,) in rows]
    assert told == [
        (1, None, False), (2, picture.hex, True), (3, picture.hex, False), (4, None, False), (5, None, False)
    ]  # fmt: skip
    marks = await Withdrawals(users.resources.cache).since([("User.avatar", person)])
    assert marks == {("User.avatar", person): 4}


async def test_a_report_is_seen_by_who_made_it_alone(users: Harness) -> None:
    viewer = id_of("User", (await _register(users, _name()))["user"]["id"])
    posts = [to_global("Post", uuid4()) for _ in range(2)]
    report = """mutation ($s: ID!) { reportSubject(input: {subjectId: $s, reason: "spam"}) { userErrors { code } } }"""
    told = await users.ask(report, {"s": posts[0]}, viewer)
    assert told == {"reportSubject": {"userErrors": []}}
    seen = "... on Post { viewerReport { reason } }"
    for who, expected in (
        (viewer, [{"reason": "spam"}, None]),
        (uuid4(), [None, None]),
        (None, [None, None]),
    ):
        references = [{"__typename": "Post", "id": post} for post in posts]
        found = await users.entities(seen, references, who)
        assert [post["viewerReport"] for post in found] == expected

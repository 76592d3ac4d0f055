"""A private picture is shown across domains: sent in a message, worn as an avatar, and to nobody else; their events tell the media domain."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.end_to_end.product import Product
from tests.media_core.photographs import photograph

_PERSON = "query ($h: String!) { user(handle: $h) { id avatar { id thumbnailUrl } } }"
_SEEN = "query ($i: ID!) { mediaFile(id: $i) { id } }"


def _until(ask: Callable[[], Any]) -> Any:
    """What it answers once it answers something; the suite's own limit ends it."""
    while not (found := ask()):
        time.sleep(0.05)
    return found


def _upload(product: Product, token: str, seed: int) -> str:
    files = {"file": ("picture.jpg", io.BytesIO(photograph(300, 200, seed=seed)), "image/jpeg")}
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx.post(f"{product.url}/upload", files=files, data={"visibility": "private"}, headers=headers)
    return str(answer.json()["id"])


def test_a_picture_sent_in_a_message_is_its_readers_alone(product: Product) -> None:
    gus, hana, dario = (product.login(name) for name in ("gus", "hana", "dario"))
    picture = _upload(product, gus, seed=31)
    with_hana = product.post(_PERSON, {"h": "hana"})["data"]["user"]["id"]
    opened = product.post(
        "mutation ($u: ID!) { openDirect(input: {userId: $u}) { conversation { id } } }",
        {"u": with_hana},
        gus,
    )
    conversation = opened["data"]["openDirect"]["conversation"]["id"]
    sent = product.post(
        """mutation ($c: ID!, $p: ID!) { sendMessage(input: {conversationId: $c, attachmentIds: [$p]}) {
          message { id } userErrors { code } } }""",
        {"c": conversation, "p": picture},
        gus,
    )
    assert sent["data"]["sendMessage"]["userErrors"] == []
    query = """query ($c: ID!) { conversation(id: $c) { lastMessage { attachments { id
      image(size: SMALL, crop: SQUARE) { url } } } } }"""

    def received() -> Any:
        (found,) = product.post(query, {"c": conversation}, hana)["data"]["conversation"]["lastMessage"][
            "attachments"
        ]
        return found if found["image"] else None

    shown = _until(received)
    assert shown["id"] == picture
    assert httpx.get(product.url + shown["image"]["url"]).status_code == 200
    for token in (dario, None):
        assert product.post(_SEEN, {"i": picture}, token) == {"data": {"mediaFile": None}}
    message = sent["data"]["sendMessage"]["message"]["id"]
    product.post(
        "mutation ($m: ID!) { deleteMessage(input: {id: $m}) { userErrors { code } } }", {"m": message}, gus
    )
    assert product.post(_SEEN, {"i": picture}, hana) == {"data": {"mediaFile": None}}
    assert httpx.get(product.url + shown["image"]["url"]).status_code == 404


def test_an_avatar_is_seen_by_everyone_and_the_one_before_by_nobody(product: Product) -> None:
    hana = product.login("hana")
    one, other = (_upload(product, hana, seed) for seed in (32, 33))
    wear = "mutation ($p: ID!) { updateProfile(input: {avatarId: $p}) { userErrors { code } } }"
    for picture in (one, other):
        product.post(wear, {"p": picture}, hana)

        def worn(picture: str = picture) -> Any:
            avatar = product.post(_PERSON, {"h": "hana"})["data"]["user"]["avatar"]
            return avatar if avatar["id"] == picture and avatar["thumbnailUrl"] else None

        assert httpx.get(product.url + _until(worn)["thumbnailUrl"]).status_code == 200
    assert product.post(_SEEN, {"i": one}) == {"data": {"mediaFile": None}}
    product.post("mutation { updateProfile(input: {avatarId: null}) { userErrors { code } } }", token=hana)
    assert product.post(_PERSON, {"h": "hana"})["data"]["user"]["avatar"] is None
    assert product.post(_SEEN, {"i": other}) == {"data": {"mediaFile": None}}

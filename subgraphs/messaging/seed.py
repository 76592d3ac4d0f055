"""Demo conversations among the demo's people."""

from __future__ import annotations

from datetime import timedelta

from subgraphs.kit.domain.demo import PEOPLE, demo_id, demo_moment
from subgraphs.kit.domain.resources import Resources
from subgraphs.messaging.models import (
    CONVERSATION,
    DIRECT,
    MESSAGE,
    PARTICIPANTS,
    Conversation,
    Member,
    Message,
)
from subgraphs.messaging.repository import direct_key

__all__ = ["seed"]

_TALKS: tuple[tuple[int, int, tuple[tuple[int, str], ...]], ...] = (
    (
        0,
        1,
        (
            (1, "Morning! Your ridge photo is still my wallpaper."),
            (0, "Ha, I nearly did not climb for it. Four a.m. is a rude hour."),
            (1, "Same again on Saturday? The forecast is clear until noon."),
            (0, "I am in. I bring coffee, you bring the good tripod."),
            (1, "Deal. Meet at the lower car park at 4:30."),
        ),
    ),
    (
        0,
        2,
        (
            (2, "The celadon bowls came out of the kiln today. Two cracked, ten perfect."),
            (0, "Ten is a feast. Could you keep one for me?"),
            (2, "Already wrapped, with your name on it."),
        ),
    ),
    (
        3,
        9,
        (
            (9, "Do you still have the baking book from the twenties?"),
            (3, "Flour-stained but whole. I can bring it over on Thursday."),
        ),
    ),
    (
        4,
        5,
        (
            (4, "I redrew the cycle map with your colours. The hills finally read as hills."),
            (5, "Send it! I want to try a heavier weight for the river names."),
            (4, "Uploading now."),
        ),
    ),
)


async def seed(resources: Resources, size: str) -> None:
    """``demo``: four conversations; ``large`` adds none, its people are strangers."""
    if size == "large":
        return
    async with resources.database.write() as tx:
        if await tx.session.get(Conversation, demo_id("conversation", 0)):
            return
        for number, (one, two, said) in enumerate(_TALKS):
            began = demo_moment(number, minutes=60)
            conversation = Conversation(
                id=demo_id("conversation", number),
                created_at=began,
                updated_at=began + timedelta(minutes=len(said)),
                direct_key=direct_key(PEOPLE[one].id, PEOPLE[two].id),
                last_seq=len(said),
            )
            tx.add(conversation, CONVERSATION)
            tx.forget(DIRECT, str(conversation.direct_key))
            tx.forget(PARTICIPANTS, conversation.id)
            await tx.session.flush()
            for person in (one, two):
                tx.session.add(
                    Member(
                        conversation_id=conversation.id,
                        user_id=PEOPLE[person].id,
                        last_read_seq=len(said) - (person != said[-1][0]),
                        activity_at=conversation.updated_at,
                    )
                )
            for seq, (sender, body) in enumerate(said, 1):
                moment = began + timedelta(minutes=seq)
                tx.add(
                    Message(
                        id=demo_id(f"message:{number}", seq, moment),
                        created_at=moment,
                        updated_at=moment,
                        conversation_id=conversation.id,
                        seq=seq,
                        sender_id=PEOPLE[sender].id,
                        body=body,
                    ),
                    MESSAGE,
                )

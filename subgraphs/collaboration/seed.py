"""A demo workspace, and what its members write."""

from __future__ import annotations

from subgraphs.collaboration.events import emit_document
from subgraphs.collaboration.models import (
    DOCUMENT,
    MEMBERS,
    PUBLIC,
    WORKSPACE,
    WORKSPACE_SLUG,
    Document,
    Member,
    Workspace,
)
from subgraphs.kit.domain.demo import PEOPLE, demo_id, demo_moment
from subgraphs.kit.domain.resources import Resources

__all__ = ["seed"]

_DOCUMENTS = (
    (
        0,
        "PUBLIC",
        "How the Saturday Market works",
        (
            "Stalls open at nine and close at two. Bring change, a bag, and time for a coffee.\n\n"
            "Everyone who sells here also makes what they sell. Ask them how."
        ),
    ),
    (
        5,
        "PUBLIC",
        "Signs people can read",
        (
            "Black on cream, one typeface, letters as tall as a thumb. Prices end in whole coins.\n\n"
            "A sign answers three questions: what is it, what is in it, what does it cost."
        ),
    ),
    (
        0,
        "WORKSPACE",
        "Plan for the autumn season",
        "- Move the bread stall out of the wind\n- Ask the cyclists for a rack\n- Print the map with the new entrance",
    ),
    (
        3,
        "WORKSPACE",
        "Who brings what",
        "Dario: two tables and the big oven. Chiyo: bowls for the soup. Elif: the cargo bike, twice.",
    ),
    (4, "WORKSPACE", "Routes to the market", "From the station along the canal: twelve minutes, no hills."),
)


async def seed(resources: Resources, size: str) -> None:
    """``demo``: one workspace of six people and its documents; ``large`` adds none."""
    if size == "large":
        return
    async with resources.database.write() as tx:
        if await tx.session.get(Workspace, demo_id("workspace", 0)):
            return
        began = demo_moment(0)
        workspace = Workspace(
            id=demo_id("workspace", 0),
            created_at=began,
            updated_at=began,
            slug="saturday-market",
            name="Saturday Market",
            description="Six people who run a market in a square.",
        )
        tx.add(workspace, WORKSPACE)
        tx.forget(WORKSPACE_SLUG, workspace.slug)
        tx.forget(MEMBERS, workspace.id)
        await tx.session.flush()
        for person in PEOPLE[:6]:
            role = "OWNER" if person.number == 0 else "EDITOR"
            tx.session.add(
                Member(
                    workspace_id=workspace.id,
                    user_id=person.id,
                    role=role,
                    joined_at=demo_moment(person.number),
                )
            )
        for number, (author, visibility, title, content) in enumerate(_DOCUMENTS):
            moment = demo_moment(number, minutes=600)
            document = Document(
                id=demo_id("document", number, moment),
                created_at=moment,
                updated_at=moment,
                workspace_id=workspace.id,
                title=title,
                content=content,
                visibility=visibility,
                created_by=PEOPLE[author].id,
                updated_by=PEOPLE[author].id,
            )
            tx.add(document, DOCUMENT)
            tx.forget(PUBLIC, document.created_by)
            emit_document(tx, document)

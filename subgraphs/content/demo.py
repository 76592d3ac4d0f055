"""What the demo's people have written. Pictures and products go by their numbers in the demo."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COMMENTS", "POSTS", "DemoPost"]


@dataclass(frozen=True, slots=True)
class DemoPost:
    """The ``n``-th is by the ``n % 11``-th person, who owns its pictures."""

    body: str
    pictures: tuple[int, ...] = ()
    products: tuple[int, ...] = ()
    visibility: str = "PUBLIC"


POSTS = (
    DemoPost(
        "Moved the whole build onto a machine the size of a sandwich. It is slower by four seconds and "
        "quieter by everything.",
        (0,),
    ),
    DemoPost("First light on the north ridge. Worth every one of the 1,100 steps up in the dark.", (1,)),
    DemoPost(
        "Kiln day. The celadon came out the colour of shallow water, which is exactly what I had given up "
        "hoping for. Three bowls and the tall vase are on the shelf now.",
        (2,),
        (0, 3),
    ),
    DemoPost("Day nine of the rye experiment: the starter has doubled, and so has my confidence.", (3,)),
    DemoPost(
        "I rode every street in the old quarter and marked where the cobbles are survivable. Map soon.", (4,)
    ),
    DemoPost("Found a 1961 specimen book at the flea market. The lower-case g alone was worth it.", (5,)),
    DemoPost(
        "The spruce top I cut two winters ago finally rings the way I wanted. It becomes a parlour guitar "
        "in the spring.",
        (6,),
        (6,),
    ),
    DemoPost("The orchids in the east house opened overnight, all of them, as if they had talked.", (7,)),
    DemoPost("Eleven degrees in the water, minus one outside. The walk back is the cold part.", (8,)),
    DemoPost(
        "A customer asked for 'something sad but short'. Sold three books and joined a reading group.", (9,)
    ),
    DemoPost(
        "Recorded forty minutes in a laundrette today. Everyone has a story when the machine is running.",
        (10,),
    ),
    DemoPost(
        "Our slowest query went from 900 to 12 milliseconds by deleting code. My favourite kind of work: "
        "the diff was almost all red.",
        (11,),
    ),
    DemoPost("Fog all the way up, then this. Patience is a lens too.", (12,)),
    DemoPost(
        "Glaze test number 47: tea dust over iron. It looks like a night road. Mugs in this one are new in "
        "the shop this week.",
        (13,),
        (1, 2),
    ),
    DemoPost("Croissants, attempt six. The layers are real this time; I have the crumbs to prove it.", (14,)),
    DemoPost("New tyres, same hills. The hills won, but politely.", (15,)),
    DemoPost("Redrew the river labels on Elif's cycle map. Italic for water, always.", (16,)),
    DemoPost(
        "Rosin and oak stands are back in stock, and there are set-up slots before the holidays. I also "
        "found the ebony I had hidden from myself.",
        (17,),
        (8, 10, 11),
    ),
    DemoPost("The oldest fern in the collection has a new frond. She is a hundred and twelve.", (18,)),
    DemoPost("A seal swam the whole bay with us this morning and clearly thought we were slow.", (19,)),
    DemoPost(
        "Window display: everything blue. It has nothing to do with the mood, only with the light.", (20,)
    ),
    DemoPost(
        "Episode twelve is out: the woman who has repaired umbrellas on the same corner since 1978.", (21,)
    ),
    DemoPost("Pair-programmed with the rain. It had opinions about my variable names.", (22,)),
    DemoPost("Wind at the summit: strong. Coffee at the summit: stronger.", (23,)),
    DemoPost(
        "Two shelves of seconds this weekend: small flaws, small prices. Come early, the teapots never last.",
        (2, 13),
        (4, 5),
    ),
    DemoPost(
        "Bread class on Saturday is full. For everyone on the waiting list: I will do another in two weeks.",
        visibility="FOLLOWERS",
    ),
    DemoPost("Counted 214 bicycles on the bridge before eight. Last year it was 130.", (4, 15)),
    DemoPost("Draft of a talk on margins. Working title: 'Leave me some room'.", visibility="PRIVATE"),
    DemoPost(
        "Finished setting up the little walnut ukulele. It is loud for its size, like all of us before "
        "breakfast. One of Chiyo's mugs keeps the glue warm.",
        (6, 17),
        (7, 1),
    ),
    DemoPost(
        "Seed swap in the palm house on Sunday: bring what you have, take what you will really plant.",
        (7, 18),
    ),
)

COMMENTS: tuple[tuple[int, int, str], ...] = (
    (0, 9, "Quieter by everything is the best benchmark I have read this year."),
    (0, 4, "Does the sandwich run warm?"),
    (0, 0, "Lukewarm. Like a sandwich."),
    (1, 0, "That line of light on the left! Print this one, please."),
    (1, 8, "1,101, if you count the one you sat down on."),
    (2, 5, "Shallow water is exactly right. May I borrow one for a colour study?"),
    (2, 2, "Any time. Bring cake."),
    (3, 10, "I would like to record the starter. I am completely serious."),
    (4, 5, "Send me the layers, I will do the type."),
    (6, 10, "Can I come and record the first chord?"),
    (6, 6, "You can play it."),
    (7, 2, "As if they had talked! I will glaze that sentence."),
    (8, 1, "You are all quite mad, and I want the thermos."),
    (9, 10, "Which three?"),
    (9, 9, "The answer is behind the counter, with tea."),
    (11, 4, "Red diffs are the best diffs."),
    (12, 7, "The fog looks like a hillside of ferns."),
    (13, 6, "Tea dust over iron needs to be a guitar finish."),
    (14, 0, "Crumbs are inadmissible. We need to taste the evidence."),
    (16, 4, "It looks like a real map now. Thank you!"),
    (18, 9, "Happy birthday to her."),
    (19, 7, "The seal has a point."),
    (21, 3, "I listened twice. The part about the silk one!"),
    (23, 0, "Saturday, 4:30, lower car park. I am bringing a heavier hat."),
    (24, 8, "Setting an alarm for the teapots."),
    (26, 0, "Plot it, plot it, plot it."),
    (28, 2, "The mug was made for exactly this."),
    (29, 5, "I have poppies and one mystery envelope."),
)

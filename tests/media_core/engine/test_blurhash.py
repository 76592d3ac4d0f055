from __future__ import annotations

import pytest
from PIL import Image

from media_core.engine.blurhash import blurhash
from media_core.engine.placeholder import palette


def gradients() -> Image.Image:
    across, around = Image.linear_gradient("L").resize((32, 24)), Image.radial_gradient("L").resize((32, 24))
    return Image.merge("RGB", (across, around, Image.linear_gradient("L").rotate(90).resize((32, 24))))


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Image.new("RGB", (32, 24), "white"), "LDTSUA_3fQ_3~qoffQoffQfQfQfQ"),
        (Image.new("RGB", (32, 24), (12, 200, 99)), "L71coCljfQljl%f*fQf*fQfQfQfQ"),
        (gradients(), "L#HV3joUgzou2sWnfkW:y7j@fjj@"),
        (gradients().transpose(Image.Transpose.ROTATE_90), "T,HV3j2sy7oTWrj@g#fkfjo#W;j@"),
    ],
)
def test_the_hash_is_that_of_the_reference_in_python(picture: Image.Image, expected: str) -> None:
    assert blurhash(picture) == expected


def test_the_palette_begins_with_what_there_is_most_of() -> None:
    picture = Image.new("RGB", (64, 64), (10, 20, 200))
    picture.paste((250, 240, 10), (0, 0, 64, 16))
    assert palette(picture)[:2] == ((10, 20, 200), (250, 240, 10))
    assert palette(Image.new("RGBA", (8, 8))) == ((255, 255, 255),)

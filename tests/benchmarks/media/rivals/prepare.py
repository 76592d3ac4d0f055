"""The pictures that are measured, from photographs: `prepare.py PHOTOGRAPHS OUT`.

Four large ones in the formats that are uploaded, and a dozen for likeness, each as it is and with a sensor's grain.
"""

import sys
from pathlib import Path

import numpy
from PIL import Image

SOURCES, OUT = Path(sys.argv[1]), Path(sys.argv[2])
LARGE = {
    "15mp.jpg": (0, (4480, 3360), 5, {"quality": 92}),
    "12mp-phone.jpg": (1, (4032, 3024), 6, {"quality": 90, "orientation": 6}),
    "8mp.png": (2, (3264, 2448), 4, {}),
    "16mp.webp": (3, (4608, 3456), 4, {"quality": 92}),
}
random = numpy.random.default_rng(7)


def cropped(picture, size):
    """Enlarged or reduced to cover the size, and its middle."""
    scale = max(size[0] / picture.width, size[1] / picture.height)
    wide, high = max(size[0], round(picture.width * scale)), max(size[1], round(picture.height * scale))
    left, top = (wide - size[0]) // 2, (high - size[1]) // 2
    whole = picture.resize((wide, high), Image.Resampling.LANCZOS)
    return whole.crop((left, top, left + size[0], top + size[1]))


def grainy(picture, strength):
    """With the noise of a sensor: in luma, and half as strong in each colour."""
    pixels = numpy.asarray(picture.convert("RGB"), dtype=numpy.float32)
    noise = random.normal(0, strength, (*pixels.shape[:2], 1)) + random.normal(0, strength / 2, pixels.shape)
    return Image.fromarray(numpy.clip(pixels + noise, 0, 255).astype(numpy.uint8))


paths = sorted(SOURCES.iterdir())
for name, (at, size, strength, options) in LARGE.items():
    exif = Image.Exif()
    if turn := options.pop("orientation", None):
        exif[0x0112] = turn
    grainy(cropped(Image.open(paths[at]), size), strength).save(OUT / name, exif=exif, **options)
for at, path in enumerate(paths):
    picture = Image.open(path).convert("RGB")
    picture.save(OUT / f"clean-{at:02}.jpg", quality=92)
    scale = max(1, 4000 / max(picture.size))
    size = round(picture.width * scale), round(picture.height * scale)
    grainy(picture.resize(size, Image.Resampling.LANCZOS), 7).save(OUT / f"grainy-{at:02}.jpg", quality=92)

"""SSIM on luma, 11-pixel Gaussian, against a Lanczos reduction of the original.

`likeness.py ORIGINAL PICTURE...` prints one figure a picture, as JSON.
"""

import io
import json
import sys
from pathlib import Path

import numpy
from PIL import Image, ImageOps

WEIGHTS = numpy.exp(-((numpy.arange(11) - 5) ** 2) / (2 * 1.5**2)).astype(numpy.float32)
WEIGHTS /= WEIGHTS.sum()
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def blurred(plane):
    """By the window, where it fits."""
    rows = sum(weight * plane[at : plane.shape[0] - 10 + at] for at, weight in enumerate(WEIGHTS))
    return sum(weight * rows[:, at : rows.shape[1] - 10 + at] for at, weight in enumerate(WEIGHTS))


def luma(picture):
    return numpy.asarray(picture.convert("L"), dtype=numpy.float32)


def ssim(a, b):
    mean_a, mean_b = blurred(a), blurred(b)
    var_a, var_b = blurred(a * a) - mean_a**2, blurred(b * b) - mean_b**2
    both = blurred(a * b) - mean_a * mean_b
    likeness = (2 * mean_a * mean_b + C1) * (2 * both + C2)
    return float(numpy.mean(likeness / ((mean_a**2 + mean_b**2 + C1) * (var_a + var_b + C2))))


original = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
figures = []
for path in sys.argv[2:]:
    picture = Image.open(io.BytesIO(Path(path).read_bytes()))
    reduced = original.resize(picture.size, Image.Resampling.LANCZOS)
    figures.append(ssim(luma(reduced), luma(picture)))
print(json.dumps(figures))

"""libvips by pyvips, at its best, on one picture: `libvips.py FILE REPEATS OUT`. Prints CPU milliseconds and peak MB."""

import json
import os
import sys
import time
from pathlib import Path

os.environ["VIPS_CONCURRENCY"] = "1"
import pyvips

pyvips.cache_set_max(0)
SIDES = (1920, 800, 400, 150)


def best(data):
    """One decode at the smallest useful scale, and each size from the one above it."""
    out = {}
    picture = pyvips.Image.thumbnail_buffer(data, 1920, height=1920, size="down").copy_memory()
    for side in SIDES:
        if side != SIDES[0]:
            picture = picture.thumbnail_image(side, height=side, size="down").copy_memory()
        out[side] = picture.webpsave_buffer(Q=80, keep="none")
    picture.thumbnail_image(32, height=32).webpsave_buffer(Q=50)
    picture.hist_find_ndim(bins=16)
    return out


path, repeats, folder = sys.argv[1:]
data, cpu = Path(path).read_bytes(), []
for _ in range(int(repeats)):
    begin = time.process_time()
    made = best(data)
    cpu.append((time.process_time() - begin) * 1000)
for side, encoded in made.items():
    (Path(folder) / str(side)).write_bytes(encoded)
status = Path("/proc/self/status").read_text().splitlines()
peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps({"cpu": cpu, "peak": peak / 1024}))

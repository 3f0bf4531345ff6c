"""The peers of benches/picture.rs: one task of one library in a process of its own, told as one JSON line.

    python picture_peers.py TOOL TASK RUNS INPUT

One warm-up, then RUNS runs; the processor time is that of the process and of what it started.
"""
import io
import json
import os
import resource
import subprocess
import sys
import time

tool, task, runs, path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
data = open(path, "rb").read()


def pillow():
    from PIL import Image, __version__

    Image.MAX_IMAGE_PIXELS = None
    load = lambda: Image.open(io.BytesIO(data))

    def saved(image, **how):
        out = io.BytesIO()
        image.save(out, **how)
        return out.tell()

    def decoded():
        image = load()
        image.load()
        return image

    def thumbnail():
        image = load()
        image.thumbnail((200, 200))
        return saved(image.convert("RGB"), format="JPEG", quality=85)

    def mission():
        image = load()
        image.thumbnail((200, 150))
        return saved(image.convert("RGB"), format="JPEG", quality=85)

    def flatten(image):
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(image, mask=image.getchannel("A"))
        return saved(white, format="JPEG", quality=85)

    ready = decoded() if task in ("resize", "rotate", "histogram", "flatten", "gif") else None
    return "Pillow " + __version__, {
        "decode": lambda: decoded() and 0,
        "to jpeg": lambda: saved(decoded(), format="JPEG", quality=85),
        "to png fast": lambda: saved(decoded(), format="PNG", compress_level=1),
        "to png 6": lambda: saved(decoded(), format="PNG", compress_level=6),
        "thumbnail": thumbnail,
        "mission": mission,
        "resize": lambda: ready.resize((1920, 1280), Image.LANCZOS) and 0,
        "rotate": lambda: ready.transpose(Image.ROTATE_270) and 0,
        "gif": lambda: saved(ready, format="GIF"),
        "histogram": lambda: len(ready.histogram()) and 0,
        "flatten": lambda: flatten(ready),
        "make webp": lambda: decoded().save(path + ".webp", quality=80) or 0,
    }


def vips():
    import pyvips

    load = lambda **how: pyvips.Image.new_from_buffer(data, "", **how)
    ready = load().copy_memory() if task in ("resize", "rotate", "histogram", "flatten", "gif") else None
    version = ".".join(str(pyvips.version(part)) for part in range(3))
    size = lambda bytes: len(bytes)
    return "libvips " + version, {
        "decode": lambda: load(access="sequential").copy_memory() and 0,
        "to jpeg": lambda: size(load(access="sequential").jpegsave_buffer(Q=85)),
        "to png fast": lambda: size(load(access="sequential").pngsave_buffer(compression=1)),
        "to png 6": lambda: size(load(access="sequential").pngsave_buffer(compression=6)),
        "thumbnail": lambda: size(pyvips.Image.thumbnail_buffer(data, 200).jpegsave_buffer(Q=85)),
        "mission": lambda: size(pyvips.Image.thumbnail_buffer(data, 200, height=150).jpegsave_buffer(Q=85)),
        "resize": lambda: ready.resize(1920 / ready.width, vscale=1280 / ready.height, kernel="lanczos3").copy_memory() and 0,
        "rotate": lambda: ready.rot90().copy_memory() and 0,
        "histogram": lambda: ready.hist_find().copy_memory() and 0,
        "flatten": lambda: size(ready.flatten(background=255).jpegsave_buffer(Q=85)),
    }


def magick():
    version = subprocess.run(["convert", "--version"], capture_output=True, text=True).stdout.split()[2]

    def run(*arguments):
        suffix = arguments[-1]
        done = subprocess.run(["convert", path, *arguments[:-1], suffix], stdout=subprocess.PIPE, check=True)
        return len(done.stdout)

    return "ImageMagick " + version, {
        "decode": lambda: run("null:"),
        "to jpeg": lambda: run("-quality", "85", "jpg:-"),
        "to png fast": lambda: run("-quality", "15", "png:-"),
        "to png 6": lambda: run("-quality", "65", "png:-"),
        "thumbnail": lambda: run("-thumbnail", "200x200>", "-quality", "85", "jpg:-"),
        "mission": lambda: run("-thumbnail", "200x150>", "-quality", "85", "jpg:-"),
    }


def used():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


name, tasks = {"pillow": pillow, "vips": vips, "magick": magick}[tool]()
if task not in tasks:
    sys.exit(0)
work = tasks[task]
work()
wall, cpu, size = [], [], 0
for _ in range(runs):
    before, start = used(), time.perf_counter()
    size = work() or 0
    wall.append(time.perf_counter() - start)
    cpu.append(used() - before)
who = resource.RUSAGE_CHILDREN if tool == "magick" else resource.RUSAGE_SELF
peak = resource.getrusage(who).ru_maxrss / 1024
print(json.dumps({"impl": name, "median": sorted(wall)[len(wall) // 2], "min": min(wall),
                  "cpu": sorted(cpu)[len(cpu) // 2], "peak_mib": peak, "size": size}))

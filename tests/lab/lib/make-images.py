#!/usr/bin/env python3
"""Packs directories as single-layer container images into one archive (the format of `docker save`).

usage: make-images.py <archive> <directory>=<tag>[,<tag>..]=<Cmd|Entrypoint>:<program> ...

Only the standard library is used. The result depends on nothing but the contents of the directories.
"""
import hashlib
import io
import json
import os
import platform
import sys
import tarfile

CREATED = "2024-01-01T00:00:00Z"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def layer_of(directory):
    """The directory as a tar stream in which everything belongs to root."""

    def owned_by_root(entry):
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = 0
        return entry

    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name in sorted(os.listdir(directory)):
            archive.add(os.path.join(directory, name), name, filter=owned_by_root)
    return stream.getvalue()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def config_of(layer, start_key, program):
    config = {
        "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "created": CREATED,
        "config": {
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "WorkingDir": "/",
            start_key: [program],
        },
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + sha256(layer)]},
        "history": [{"created": CREATED, "created_by": "lab"}],
    }
    return json.dumps(config).encode()


def main():
    target, images = sys.argv[1], sys.argv[2:]
    files, manifest = {}, []
    for image in images:
        directory, tags, start = image.split("=")
        start_key, program = start.split(":", 1)
        layer = layer_of(directory)
        config = config_of(layer, start_key, program)
        layer_name, config_name = sha256(layer) + "/layer.tar", sha256(config) + ".json"
        files[layer_name], files[config_name] = layer, config
        manifest.append({"Config": config_name, "RepoTags": tags.split(","), "Layers": [layer_name]})
    files["manifest.json"] = json.dumps(manifest).encode()

    # Written aside and renamed: an interrupted run leaves no half archive that the next one would trust.
    with tarfile.open(target + ".new", "w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    os.rename(target + ".new", target)


if __name__ == "__main__":
    main()

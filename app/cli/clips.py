"""Taking clips out of the footage, and the ledger of those that were taken."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BufferedRandom
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import TIME, AsJson, Limit, instant, iso
from app.client.http import Answer, Client, part
from app.client.refused import Refused

clips = typer.Typer(no_args_is_help=True, help="Clips that were taken out: who took what, under which authority.")

SUFFIXES = {"mp4": (".mp4",), "matroska": (".mkv",)}

Footage = Annotated[str, typer.Argument(metavar="SHA256", help="Digest of the footage.")]
Authorisation = Annotated[UUID, typer.Option("--authorisation", help="The authority that covers its camera and time.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where to write it; its manifest is FILE.json.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="The frames of that time and no others, encoded anew; else on keyframes.")
]


def cut(
    ctx: typer.Context,
    sha256: Footage,
    from_at: Annotated[datetime, typer.Option("--from", parser=instant, metavar=TIME)],
    to_at: Annotated[datetime, typer.Option("--to", parser=instant, metavar=TIME)],
    authorisation: Authorisation,
    out: Out,
    exact: Exact = False,
    as_json: AsJson = False,
) -> None:
    """Take a part of the footage out as a file of its own, with a manifest that says where it comes from.

    Without --exact nothing is encoded anew: the clip begins with a keyframe and is wider than asked; the manifest says
    how wide. That it was taken is on record. Faces in it are not masked: it is evidence. It has no sound.

    Example: oberih footage cut SHA256 --from 2026-11-23T14:05 --to 2026-11-23T14:06 --authorisation ID -o gate.mp4
    """
    if not out.name:
        raise typer.BadParameter("name a file for the clip")
    manifest_file = out.with_name(out.name + ".json")
    _check_places(out, manifest_file)
    body = {"authorisation": str(authorisation), "from_at": iso(from_at), "to_at": iso(to_at), "exact": exact}
    with connect(ctx) as client, _reserved(out, manifest_file) as (aside, file):
        manifest = _received(client, f"/footage/{part(sha256)}/clips", body, file)
        manifest_file.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        aside.replace(out)
    if out.suffix.lower() not in SUFFIXES.get(manifest["container"], (out.suffix.lower(),)):
        answers.say(f"note: {out} is a {manifest['container']} file; players may want it called so")
    told = {**manifest, "file": str(out), "manifest": str(manifest_file)}
    answers.document(ctx, told, lambda: _tell(told))


@clips.command("list")
def list_clips(
    ctx: typer.Context,
    authorisation: Annotated[UUID | None, typer.Option("--authorisation", help="Only those under this one.")] = None,
    footage: Annotated[str | None, typer.Option("--footage", metavar="SHA256", help="Only of this footage.")] = None,
    refused: Annotated[bool | None, typer.Option("--refused/--cut", help="Only the refused, or only the cut.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the clips that you may know of: who took what out, under which authority, and who was refused."""
    columns = (
        ("id", "clip"),
        ("at", "at"),
        ("by", answers.named("by")),
        ("camera", answers.named("camera")),
        ("footage", lambda row: f"{row['footage_sha256'][:12]}…"),
        ("asked from", "asked_from"),
        ("asked to", "asked_to"),
        ("mode", "mode"),
        ("authorisation", "authorisation"),
        ("refused", "refused_code"),
    )
    with connect(ctx) as client:
        said = None if refused is None else str(refused).lower()
        page = client.ask_list("/clips", limit, authorisation=authorisation, footage=footage, refused=said)
    answers.listing(ctx, page, columns, "clips")


@clips.command("show")
def show(
    ctx: typer.Context,
    clip: Annotated[UUID, typer.Argument(metavar="CLIP", help="The clip's id.")],
    as_json: AsJson = False,
) -> None:
    """Show a clip's manifest, as it was written beside it."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask(f"/clips/{clip}"))


@contextmanager
def _reserved(*places: Path) -> Iterator[tuple[Path, BufferedRandom]]:
    """The names are ours from now on, also where two clips are cut at once; the clip is written to a file aside, and
    nothing is left of them where it fails."""
    taken: list[Path] = []
    try:
        for place in places:
            place.open("xb").close()
            taken.append(place)
        aside = places[0].with_name(f"{places[0].name}.{uuid4().hex[:8]}.part")
        taken.append(aside)
        with aside.open("x+b") as file:
            yield aside, file
    except BaseException:
        for place in taken:
            place.unlink(missing_ok=True)
        raise


def _check_places(*places: Path) -> None:
    """Before anything is cut: evidence is never written over."""
    for place in places:
        if not place.parent.is_dir():
            raise typer.BadParameter(f"{place}: name a file in a folder that exists")
        if place.exists():
            raise typer.BadParameter(f"{place} is there already")


def _received(client: Client, path: str, body: Answer, file: BufferedRandom) -> Answer:
    """The manifest of the clip, which was written to the file. Raises Refused where it is not the one on record."""
    headers = client.save(path, body, file)
    manifest = client.ask(f"/clips/{part(headers['Oberih-Clip'])}")
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")
    told = headers["Repr-Digest"].removeprefix("sha-256=:").removesuffix(":")
    if digest.hexdigest() != manifest["sha256"] or base64.b64encode(digest.digest()).decode() != told:
        raise Refused("what came is not the clip that is on record: it was damaged on its way; cut it again")
    return manifest


def _tell(told: Answer) -> None:
    answers.line(f"{told['file']}: {told['from_shown']} to {told['to_shown']}, ± {told['uncertainty_seconds']:g} s")
    answers.line(f"{told['mode']}: {told['mode_means']}")
    for span in told["left_out"]:
        answers.line(f"left out, though asked for: {answers.cell(span['from_at'])} to {answers.cell(span['to_at'])}")
    answers.line(f"faces: {told['faces']}")
    answers.line(f"sound: {told['sound']}")
    answers.line(f"SHA-256 {told['sha256']}, verified; manifest: {told['manifest']}")

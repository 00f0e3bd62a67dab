"""Cameras of the CCTV network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import TIME, AsJson, IfVersion, Limit, instant, iso, one_of
from app.client.http import part
from domain.vocabulary import PLACE_KINDS, REGIONS

cameras = typer.Typer(no_args_is_help=True, help="Cameras of the CCTV network.")

Camera = Annotated[str, typer.Argument(metavar="CAMERA", help="Its name (KYIV-014) or id.")]
Region = Annotated[str, typer.Option("--region", help=one_of("ISO 3166-2 code", REGIONS))]


@cameras.command("list")
def list_cameras(
    ctx: typer.Context,
    region: Annotated[str | None, typer.Option("--region", help="Only this region (ISO 3166-2, UA-30).")] = None,
    community: Annotated[str | None, typer.Option("--community", help="Only this territorial community.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Only these: working, out or decommissioned.")] = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List the cameras by region and name."""
    columns = (
        ("name", "name"),
        ("region", "region"),
        ("community", "community"),
        ("place", "place"),
        ("kind", "place_kind"),
        ("analytics", "analytics"),
        ("state", "state"),
        ("id", "camera"),
    )
    with connect(ctx) as client:
        page = client.ask_list("/cameras", limit, region=region, community=community, camera_state=state)
    answers.listing(ctx, page, columns, "cameras")


@cameras.command("register")
def register(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The code that people write, unique: KYIV-014.")],
    region: Region,
    community: Annotated[str, typer.Option("--community", help="The territorial community.")],
    owner: Annotated[str, typer.Option("--owner", help="The body that runs it.")],
    place: Annotated[str, typer.Option("--place", help="Where it looks, in words.")],
    place_kind: Annotated[str, typer.Option("--place-kind", help=one_of("One of", PLACE_KINDS))],
    installed_at: Annotated[
        datetime, typer.Option("--installed-at", parser=instant, metavar=TIME, help="Footage before it is refused.")
    ],
    latitude: Annotated[float | None, typer.Option("--latitude", help="WGS 84, degrees.")] = None,
    longitude: Annotated[float | None, typer.Option("--longitude", help="WGS 84, degrees.")] = None,
    analytics: Annotated[bool, typer.Option("--analytics", help="It has video analytics of its own.")] = False,
    as_json: AsJson = False,
) -> None:
    """Register a camera.

    Example: oberih camera register KYIV-014 --region UA-30 --community Podil --owner "Kyiv city"
    --place "gate of school 14" --place-kind school-gate --installed-at 2026-01-15T09:00
    """
    body = {
        "name": name,
        "region": region,
        "community": community,
        "owner": owner,
        "place": place,
        "place_kind": place_kind,
        "latitude": latitude,
        "longitude": longitude,
        "analytics": analytics,
        "installed_at": iso(installed_at),
    }
    with connect(ctx) as client:
        answers.receipt(ctx, client.command("/cameras", body), f"camera {name} registered")


@cameras.command("show")
def show(ctx: typer.Context, camera: Camera, as_json: AsJson = False) -> None:
    """Show a camera: where it looks, how its footage is indexed and how long it is kept, its outages."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask(f"/cameras/{part(camera)}"))


@cameras.command("outage")
def outage(
    ctx: typer.Context,
    camera: Camera,
    from_at: Annotated[datetime, typer.Option("--from", parser=instant, metavar=TIME, help="Out since then.")],
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Report that a camera is out."""
    _change(ctx, camera, "outages", {"from_at": iso(from_at)}, if_version, "out")


@cameras.command("restore")
def restore(
    ctx: typer.Context,
    camera: Camera,
    at: Annotated[datetime, typer.Option("--at", parser=instant, metavar=TIME, help="Working again since then.")],
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Report that a camera works again."""
    _change(ctx, camera, "restore", {"at": iso(at)}, if_version, "working again")


@cameras.command("decommission")
def decommission(
    ctx: typer.Context,
    camera: Camera,
    at: Annotated[datetime, typer.Option("--at", parser=instant, metavar=TIME, help="Gone since then.")],
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Take a camera out of the network for good; its footage stays."""
    _change(ctx, camera, "decommission", {"at": iso(at)}, if_version, "decommissioned")


Rate = Annotated[float | None, typer.Option("--frames-per-second", help="How many are looked at: 0.02 to 5.")]
Heartbeat = Annotated[
    int | None, typer.Option("--heartbeat-seconds", help="Between two pictures of a still scene: 1 to 600.")
]
Tiles = Annotated[
    int | None, typer.Option("--tiles-across", help="Parts of a still scene, for small things: 0 (none) to 8.")
]
Heads = Annotated[
    str | None,
    typer.Option("--heads", help="What is filled: faces (that are found), or upright (heads of figures, too)."),
]
MergeRepeats = Annotated[
    bool | None,
    typer.Option("--merge-repeats/--keep-repeats", help="What looks the same again becomes one interval, or not."),
]
Detect = Annotated[
    bool | None,
    typer.Option("--detect/--no-detect", help="The deployment's detector looks for what stands still, or not."),
]
Defaults = Annotated[bool, typer.Option("--defaults", help="First forget what was chosen before.")]


@cameras.command("configure")
def configure(
    ctx: typer.Context,
    camera: Camera,
    frames_per_second: Rate = None,
    heartbeat_seconds: Heartbeat = None,
    tiles_across: Tiles = None,
    heads: Heads = None,
    merge_repeats: MergeRepeats = None,
    detect_things: Detect = None,
    defaults: Defaults = False,
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Choose how a camera's footage is indexed from now on; what is not named stays as it is.

    What is indexed stays as it was made; have it made anew with: oberih footage reindex SHA256

    Example: oberih camera configure KYIV-014 --frames-per-second 2 --heads upright
    """
    body = {
        "frames_per_second": frames_per_second,
        "heartbeat_seconds": heartbeat_seconds,
        "tiles_across": tiles_across,
        "masked_heads": heads,
        "merge_repeats": merge_repeats,
        "detect_things": detect_things,
        "defaults": defaults,
    }
    _change(ctx, camera, "indexing", body, if_version, "configured")


def _change(
    ctx: typer.Context, camera: str, verb: str, body: Mapping[str, object], if_version: int | None, now: str
) -> None:
    with connect(ctx) as client:
        answer = client.command(f"/cameras/{part(camera)}/{verb}", body, if_version=if_version)
    answers.receipt(ctx, answer, f"camera {camera} is {now}")

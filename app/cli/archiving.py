"""Archiving footage: which files, of which camera and time, sent once each, however often the command is repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli import answers
from app.cli.choosing import Chosen, choose
from app.cli.connecting import connect_for_long
from app.cli.file_names import FIELDS, BadTemplate, Clock, Template, clock_of, time_anywhere
from app.cli.options import TIME, AsJson, PasswordFile, instant, invocation
from app.cli.refused import one_line, refusal_of
from app.cli.sending import Item, Sending, showing
from app.cli.wording import as_typed
from app.client.http import Answer
from app.client.refused import Refused
from domain.errors import DomainError

UNCERTAINTY_SECONDS = 1.0

RecordedAt = Annotated[
    list[datetime] | None,
    typer.Option(
        "--recorded-at",
        parser=instant,
        metavar=TIME,
        help="When the first frame was taken; for several videos once for each, in their order.",
    ),
]
Names = Annotated[
    str | None,
    typer.Option("--names", metavar="TEMPLATE", help="How the files are called, and the folders that they lie in."),
]
Called = Annotated[
    list[str] | None,
    typer.Option("--called", metavar="NAME=CAMERA", help="What names call NAME is this camera; may be repeated."),
]
Clocks = Annotated[
    str, typer.Option("--clock", help="Which clock the names go by: kyiv, utc, or an offset such as +02:00.")
]
Repeated = Annotated[
    str | None,
    typer.Option("--repeated-hour", help="Which of the hour that Kyiv's clocks show twice in autumn: first or second."),
]
Uncertainty = Annotated[
    float | None,
    typer.Option("--uncertainty", min=0, help="The time is right to within ± this many seconds (1 where not said)."),
]
FromNames = Annotated[
    bool, typer.Option("--from-names", help="Any time in a name is its time, as in gate_20261123-140507.mp4.")
]
AnyEnding = Annotated[
    bool, typer.Option("--any-ending", help="Of folders take all files, not only those that end as videos do.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")]


def archive(
    ctx: typer.Context,
    videos: Annotated[list[Path], typer.Argument(metavar="FILE|FOLDER|PATTERN...", help="What to archive.")],
    *,
    camera: Annotated[str | None, typer.Option("--camera", help="The camera that took them: its name or id.")] = None,
    recorded_at: RecordedAt = None,
    from_names: FromNames = False,
    names: Names = None,
    called: Called = None,
    clock: Clocks = "kyiv",
    repeated_hour: Repeated = None,
    uncertainty_seconds: Uncertainty = None,
    any_ending: AnyEnding = False,
    dry_run: DryRun = False,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Archive footage; the server keeps the originals and indexes them.

    A folder is gone through with all that is in it. A file that is refused is named, and the others go on; the exit
    status is 1 then. Run again, it sends what is not there yet: the server tells what it has by the files' digests.

    Example: oberih archive gate.mp4 --camera KYIV-014 --recorded-at 2026-11-23T14:00
    """
    try:
        template, goes_by, other_names = names and Template(names), clock_of(clock, repeated_hour), _cameras(called)
    except BadTemplate as fault:
        raise typer.BadParameter(str(fault)) from fault
    said = Said(camera, tuple(recorded_at or ()), from_names, template or None, goes_by, uncertainty_seconds)
    said.check(len(videos))
    chosen = Chosen(videos) if said.times else choose(videos, any_ending=any_ending)
    items, refused = said.read(chosen)
    with connect_for_long(ctx, password_file) as client:
        sending = Sending(client, said.about, other_names, invocation(ctx).key or "", refused)
        told = {**_done(sending, items, dry_run), "passed_over": dict(chosen.passed_over)}
    _say(ctx, told, sending.bytes_sent)


@dataclass(frozen=True)
class Said:
    """What the options say of the files."""

    camera: str | None
    times: tuple[datetime, ...]
    from_names: bool
    template: Template | None
    clock: Clock
    uncertainty_seconds: float | None

    def check(self, videos: int) -> None:
        """Raises typer.BadParameter where two options contradict each other, or one is missing."""
        if sum((self.from_names, bool(self.times), self.template is not None)) != 1:
            raise typer.BadParameter("give --recorded-at TIME, --from-names or --names TEMPLATE, one of the three")
        if self.times and len(self.times) != videos:  # two files of one camera never begin at the same time
            raise typer.BadParameter(f"{videos} videos, but {len(self.times)} times: give --recorded-at once for each")
        in_names = self.template is not None and "camera" in self.template.fields
        if in_names == (self.camera is not None):
            raise typer.BadParameter("give --camera CAMERA, or {camera} in --names TEMPLATE, one of the two")
        if self.template is not None and not self.template.to_the_second and (self.uncertainty_seconds or 0) < 60:
            raise typer.BadParameter("the names say no seconds: give --uncertainty 60, or more")

    @property
    def about(self) -> Answer:
        uncertainty = UNCERTAINTY_SECONDS if self.uncertainty_seconds is None else self.uncertainty_seconds
        return {"uncertainty_seconds": uncertainty, "anchor_source": "operator" if self.times else "filename"}

    def read(self, chosen: Chosen) -> tuple[list[Item], list[Answer]]:
        """What is said of each file, and the files of which nothing is that can be taken."""
        items: list[Item] = []
        refused = [{"file": str(path), **refusal.problem} for path, refusal in chosen.refused]
        for place, file in enumerate(chosen.files):
            try:
                items.append(self._item(file, place))
            except (Refused, DomainError) as fault:
                refused.append({"file": str(file), **refusal_of(fault).problem})
        return items, refused

    def _item(self, file: Path, place: int) -> Item:
        if self.template is not None:
            named = self.template.read(file, self.clock)
            return Item(file, self.camera or named.camera or "", named.recorded_at)
        at = self.times[place] if self.times else time_anywhere(file.name, self.clock)
        return Item(file, self.camera or "", at)


def _cameras(called: list[str] | None) -> dict[str, str]:
    """Which camera is meant, by what names call it in small letters. Raises BadTemplate."""
    pairs = [pair.partition("=") for pair in called or ()]
    if wrong := [name for name, equals, camera in pairs if not (name and equals and camera)]:
        raise BadTemplate(f"--called {wrong[0]}: write NAME=CAMERA, as in ch01=KYIV-014")
    return {name.strip().lower(): camera.strip() for name, _, camera in pairs}


def _done(sending: Sending, items: list[Item], dry_run: bool) -> Answer:
    if dry_run:
        would = [sending.checked(item) for item in items]
        return {"would_send": [each for each in would if each], "refused": sending.refused}
    with showing(items) as bars:
        sending.send(items, bars)
    return {"archived": sending.archived, "refused": sending.refused, "not_tried": sending.not_tried}


def _say(ctx: typer.Context, told: Answer, bytes_sent: int) -> None:
    """Raises typer.Exit where not all is there."""
    answers.document(ctx, told, lambda: _tell(told))
    for each in told["refused"]:
        why = one_line(as_typed(str(each["detail"]), each)).removeprefix(f"{each['file']}: ")
        answers.say(f"oberih: {each['file']}: {why}")
    if sum(len(part) for part in told.values()) > 1:
        answers.say(_summary(told, bytes_sent))
    if told["refused"] or told.get("not_tried"):
        raise typer.Exit(1)


def _tell(told: Answer) -> None:
    for each in told.get("archived", ()):
        done = "was archived already" if each.get("already") else "archived"
        answers.line(f"{each['file']} {done}: {each.get('id', '')}")
    if told.get("would_send"):
        columns = (("file", "file"), ("camera", "camera"), ("recorded at", "recorded_at"), ("bytes", "size_bytes"))
        answers.table(told["would_send"], columns)


def _summary(told: Answer, bytes_sent: int) -> str:
    archived = told.get("archived", ())
    already = sum(1 for each in archived if each.get("already"))
    passed_over = told["passed_over"]
    parts = [
        (len(told.get("would_send", ())), "would be sent, nothing was"),
        (len(archived) - already, f"archived ({bytes_sent / 1e9:.2f} GB sent)"),
        (already, "archived already"),
        (len(told["refused"]), "refused"),
        (len(told.get("not_tried", ())), "not tried: run the same command again"),
        (sum(passed_over.values()), f"passed over as no videos ({', '.join(sorted(passed_over))})"),
    ]
    return "; ".join(f"{count} {what}" for count, what in parts if count) or "there was nothing to archive"


archive.__doc__ = f"""{archive.__doc__}

    TEMPLATE is how the path of a file ends, with names in braces for what changes and * for anything:
    {"; ".join(f"{{{name}}} {meaning}" for name, (_, meaning) in FIELDS.items())}.

    Frigate: --names "{{date}}/{{hour}}/{{camera}}/{{minute}}.{{second}}.mp4" --clock utc

    Hikvision: --names "{{camera}}_{{date}}{{time}}_{{digits}}.mp4"

    Dahua: --names "{{camera}}/{{date}}/001/*/*/{{time}}-*"

    Blue Iris: --names "{{camera}}.{{date}}_{{time}}.mp4"

    Look what it reads with --dry-run before anything is sent.
    """

"""One data directory is one deployment: where everything lies, and the settings it keeps.

oberih.json          format of this directory and the settings of this deployment (0600)
log.db               the events, and the receipts of commands
keys.db, root.key    the keys of personal data, wrapped by the root key (0600)
credentials.db       password hashes (0600)
views.db             the projections: can be rebuilt from log.db at any time
processes.db         how far each process is: can be lost, and is made anew
names.db             the index of children's names, under a key derived from the root key: can be rebuilt as well
index/               the footage index: catalogue.db and segments/
footage/             originals by content, footage/ab/abcdef...: never changed
attachments/         what is attached to cases, and pictures of reports, sealed under the key of each
incoming/            uploads and clips under way, emptied at start
    serving.lock         held by the one server of this directory
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import msgspec

from app.event_store.durable import sync_folder
from domain.authorisation import CHILD_IMAGE_HOURS, CHILD_IMAGE_HOURS_MAX
from domain.camera_indexing import FACES, IndexingConfigured, checked
from domain.checks import whole
from domain.classification import Entry, classification
from domain.concern import DAYS_MAX as CONCERN_DAYS_MAX
from domain.errors import DomainError, Invalid
from domain.initiatives.initiative import REMINDER_DAYS_MAX
from domain.nearby import Reach, check_reach
from domain.webhooks.webhook import check_origins
from gpu_jobs.detector import DetectorSettings

FORMAT = 1
TOKEN_MINUTES_MAX = 24 * 60  # a token is good until it ends


class DeploymentFault(DomainError):
    """The data directory cannot be used as it is."""

    code = "deployment-fault"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator may choose. Written to oberih.json by `oberih init`; unknown names are refused."""

    format: int = FORMAT
    example: bool = False  # for good: only a deployment that was made as one opens with it, and only with it
    model: str = "offline"  # or open_clip's "name/pretrained-tag", or "local-dir:/path"
    precision: str = "float32"  # or "bfloat16", or "auto": what the index has, at first whichever is faster here
    # How footage of a camera is looked at for which nobody chose otherwise (`domain/camera_indexing.py`):
    frames_per_second: float = 1.0  # where keyframes lie too far apart
    heartbeat_seconds: int = 10
    tiles_across: int = 3
    masked_heads: str = FACES
    merge_repeats: bool = True
    detect_things: bool = True  # by the detector, where there is one
    detector: DetectorSettings | None = None  # an ONNX file that finds things that stand still (`gpu_jobs/detector.py`)
    footages_at_once: int = 2  # by one worker: one file's start and end do not leave cores idle
    lease_seconds: float = 120.0
    upload_bytes_max: int = 64 * 2**30
    reserve_bytes: int = 2**30  # of the disk, which no upload takes: for the record, the index and the views
    retention_days: int | None = None  # of cameras without one of their own; None keeps for good
    concern_days: int = 90  # until a concern expires
    clock_ahead_days: int = 30  # without people, after which nothing ends by the clock until an administrator acts
    commitment_reminder_days: int = 7  # before a commitment of a public body is due
    report_danger_minutes: int = 15  # in which somebody must act on a report of danger
    report_reopen_days: int = 30  # in which whoever reported may have it opened again
    reports_per_hour: int = 6  # that one source may make, at once or one after the other
    report_source_header: str | None = None  # in which the proxy before this server names the source of a request
    scrub_days: float = 7.0  # between two rounds in which every byte is read
    classification: tuple[Entry, ...] = ()  # what this deployment says of kinds of incidents, and adds to them
    nearby: Reach = Reach()  # how far around an incident footage is held with it
    missing_child: Reach = Reach(radius_metres=1_500, before_minutes=60, after_minutes=24 * 60)
    child_image_hours_max: int = CHILD_IMAGE_HOURS  # that a picture of a missing child may be a query
    query_image_bytes_max: int = 12 * 2**20
    webhook_origins: tuple[str, ...] = ()  # that messages may be sent to, such as "https://social.example"
    webhook_failing_days: float = 5.0  # until a receiver that never answers is sent nothing more
    requests_per_minute: int = 1200
    token_minutes: int = 15

    def __post_init__(self) -> None:
        try:
            checked(
                IndexingConfigured(
                    frames_per_second=self.frames_per_second,
                    heartbeat_seconds=self.heartbeat_seconds,
                    tiles_across=self.tiles_across,
                    masked_heads=self.masked_heads,
                )
            )
            classification(self.classification)
            check_reach("nearby", self.nearby)
            check_reach("missing_child", self.missing_child)
            whole("child_image_hours_max", self.child_image_hours_max, least=1, most=CHILD_IMAGE_HOURS_MAX)
            whole("commitment_reminder_days", self.commitment_reminder_days, least=1, most=REMINDER_DAYS_MAX)
            whole("clock_ahead_days", self.clock_ahead_days, least=1, most=366)
            whole("token_minutes", self.token_minutes, least=1, most=TOKEN_MINUTES_MAX)
            whole("report_danger_minutes", self.report_danger_minutes, least=1, most=24 * 60)
            whole("report_reopen_days", self.report_reopen_days, least=1, most=366)
            whole("reports_per_hour", self.reports_per_hour, least=1, most=10**6)
            whole("requests_per_minute", self.requests_per_minute, least=1, most=10**9)
        except Invalid as fault:
            raise ValueError(fault.detail) from fault
        if not 1 <= self.footages_at_once <= 32:
            raise ValueError(f"footages_at_once: {self.footages_at_once} is not within 1 and 32")
        if self.retention_days is not None and not 1 <= self.retention_days <= 36_500:
            raise ValueError(f"retention_days: {self.retention_days} is not within 1 and 36500; null keeps for good")
        if not 1 <= self.concern_days <= CONCERN_DAYS_MAX:
            raise ValueError(f"concern_days: {self.concern_days} is not within 1 and {CONCERN_DAYS_MAX}")
        if not 0.01 <= self.webhook_failing_days <= 366:
            raise ValueError(f"webhook_failing_days: {self.webhook_failing_days} is not within 0.01 and 366")
        check_origins(self.webhook_origins)
        if not 0.01 <= self.scrub_days <= 366:
            raise ValueError(f"scrub_days: {self.scrub_days} is not within 0.01 and 366")

    @property
    def kinds(self) -> tuple[Entry, ...]:
        """Every kind of incident, as this deployment has it."""
        return classification(self.classification)


class Deployment(msgspec.Struct, frozen=True):
    """The paths of one data directory."""

    folder: Path
    settings: Settings

    @property
    def log(self) -> Path:
        return self.folder / "log.db"

    @property
    def keys(self) -> Path:
        return self.folder / "keys.db"

    @property
    def root_key(self) -> Path:
        return self.folder / "root.key"

    @property
    def credentials(self) -> Path:
        return self.folder / "credentials.db"

    @property
    def views(self) -> Path:
        return self.folder / "views.db"

    @property
    def processes(self) -> Path:
        return self.folder / "processes.db"

    @property
    def names(self) -> Path:
        return self.folder / "names.db"

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @property
    def calibrations(self) -> Path:
        """What each model's scores are measured against (`app.calibrating`)."""
        return self.folder / "calibrations"

    @property
    def incoming(self) -> Path:
        return self.folder / "incoming"

    def attachment(self, key: UUID) -> Path:
        """Where an attachment of a case, or a picture of a report, lies, sealed."""
        return self.folder / "attachments" / key.hex[:2] / key.hex

    def original(self, sha256: str) -> Path:
        """Where the file with this digest lies."""
        return self.folder / "footage" / sha256[:2] / sha256


def create(folder: Path, settings: Settings | None = None) -> Deployment:
    """A new, empty data directory. Raises DeploymentFault where the folder holds anything already."""
    if folder.exists() and any(folder.iterdir()):
        raise DeploymentFault(f"{folder} is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    deployment = Deployment(folder, settings or Settings())
    for part in (deployment.index, deployment.incoming, folder / "footage"):
        part.mkdir()
    write_settings(deployment)
    return deployment


@contextmanager
def served_alone(deployment: Deployment) -> Iterator[None]:
    """While held, no other server opens this data directory: it would take uploads under way for leftovers.

    Raises:
        DeploymentFault: another server has it open.
    """
    with (deployment.folder / "serving.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise DeploymentFault(f"{deployment.folder} is being served already; end that server first") from fault
        yield


def write_settings(deployment: Deployment) -> None:
    path = deployment.folder / "oberih.json"
    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)  # of a start that was cut off
    aside.touch(mode=0o600)
    with aside.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(deployment.settings), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(deployment.folder)


def load(folder: Path) -> Deployment:
    """The data directory as it stands. Raises DeploymentFault where it is none, or of a newer version."""
    path = folder / "oberih.json"
    if not path.is_file():
        inside = folder / "deployment"  # where the demonstration keeps it
        mend = f"that is {inside}" if (inside / path.name).is_file() else f"make one with: oberih init --data {folder}"
        raise DeploymentFault(f"{folder} is not a data directory of Oberih; {mend}")
    try:
        settings = msgspec.json.decode(path.read_bytes(), type=Settings)
    except msgspec.ValidationError as fault:
        raise DeploymentFault(f"{path}: {fault}; mend or remove that setting") from fault
    except msgspec.DecodeError as fault:
        raise DeploymentFault(f"{path} is not JSON: {fault}; mend it or restore it from a backup") from fault
    if settings.format > FORMAT:
        raise DeploymentFault(
            f"{folder} has format {settings.format}, this program knows {FORMAT}; use the newer program"
        )
    return Deployment(folder, settings)

"""Pictures of reports: decoded apart, made anew from their pixels, sealed. What else was in the file, such as where it
was taken and with what, is in none of it, and the file itself is never on the disk.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from uuid import UUID, uuid4

import cv2
import numpy as np
from numpy.typing import NDArray

from app.attachments import open_sealed
from app.composition import Services
from app.event_store.durable import digest_of, sync_folder
from app.receiving import full_disk_refused
from app.sealed_files import BLOCK_BYTES, FileSealer
from domain.checks import whole
from domain.errors import Invalid
from domain.ids import report_words_id
from domain.reports.events import Photo
from domain.reports.report import PHOTOS_MAX
from gpu_jobs.decoding import decode_image
from gpu_jobs.errors import DecodeFailed, ImageRefused

SIDE_PX_MAX = 2_048
_QUALITY = (int(cv2.IMWRITE_JPEG_QUALITY), 88)


def keep(house: Services, report: UUID, pictures: Sequence[bytes]) -> tuple[Photo, ...]:
    """Each of them in its place, before it is on record. Raises Invalid, LogFull."""
    whole("photos", len(pictures), least=0, most=PHOTOS_MAX)
    remade = [_remade(house, picture) for picture in pictures]
    return tuple(_sealed(house, report, *each) for each in remade)


def drop(house: Services, photos: Sequence[Photo]) -> None:
    """Of a request that put none of them on record."""
    for photo in photos:
        house.deployment.attachment(photo.photo).unlink(missing_ok=True)


def opened(house: Services, report: UUID, photo: Photo) -> tuple[BinaryIO, Iterator[bytes]]:
    """For a reader who is on record already. Raises AttachmentDamaged, SubjectErased."""
    place = house.deployment.attachment(photo.photo)
    return open_sealed(place, photo.sealed_sha256, house.vault, report_words_id(report), photo.photo)


def _remade(house: Services, content: bytes) -> tuple[bytes, int, int]:
    bytes_max = house.deployment.settings.query_image_bytes_max
    if len(content) > bytes_max:
        raise Invalid("photos", f"has {len(content)} bytes", f"send a picture of at most {bytes_max}")
    try:
        picture = _within(decode_image(content))
    except (ImageRefused, DecodeFailed) as fault:
        raise Invalid("photos", str(fault).removeprefix("image: "), "send a JPEG, PNG or WebP picture") from fault
    done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), _QUALITY)
    if not done:
        raise ValueError(f"a picture of shape {picture.shape} cannot become a JPEG")
    return bytes(jpeg), picture.shape[1], picture.shape[0]


def _within(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    scale = SIDE_PX_MAX / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _sealed(house: Services, report: UUID, jpeg: bytes, width: int, height: int) -> Photo:
    """In a place of its own: a report that is sent twice at once must not write over what is on record."""
    key = uuid4()
    sealer = FileSealer(house.vault, report_words_id(report), key)
    aside, place = house.deployment.incoming / uuid4().hex, house.deployment.attachment(key)
    try:
        with full_disk_refused():
            with aside.open("xb") as file:
                file.write(sealer.head)
                source = io.BytesIO(jpeg)
                while block := source.read(BLOCK_BYTES):
                    file.write(sealer.seal(block, last=source.tell() == len(jpeg)))
                file.flush()
                os.fsync(file.fileno())
            digest = digest_of(aside)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside.rename(place)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(place.parent)
    sync_folder(place.parent.parent)
    return Photo(photo=key, width=width, height=height, size_bytes=len(jpeg), sealed_sha256=digest)

"""Registers of cameras over HTTP: a CSV file sent, how its import goes, and every row that was refused."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath, FromQuery

from app.access.operations import Operation
from app.api import messages
from app.api.answers import Page, page_of
from app.api.calls import Asked, House, call_of
from app.api.footage import announced_bytes
from app.api.problems import names_ukrainian
from app.camera_network.importing import Progress, Wish
from app.camera_network.register_file import REGISTER_BYTES_MAX, RefusedRow
from app.desk import expect_nothing
from app.receiving import UploadTooLarge
from app.spreadsheets import harmless
from domain.checks import whole
from domain.errors import Invalid
from projections.camera_network import imports
from projections.paging import LIMIT_MAX


@post("/cameras/imports", status_code=202, request_max_body_size=None, media_type="application/json")
async def import_cameras(
    request: Asked,
    house: House,
    dry_run: FromQuery[bool] = False,
    accept_refused: FromQuery[bool] = False,
) -> Response[Progress]:
    """Take in a register of cameras: a CSV file in UTF-8, sent as the raw body, of up to 64 MiB. Its first line names
    the columns: name, region, community, owner, place, place_kind, installed_at; and, where known, latitude, longitude,
    analytics. Every row is judged as a camera that is registered alone, and all that are good go on record at once.

    Where a row is refused nothing is recorded, unless `accept_refused` leaves such rows out. `dry_run` only judges. It
    is answered when the file is in; how it goes is asked by its id. The same key again begins nothing.
    """
    call = await sync_to_thread(call_of, request, house, [dry_run, accept_refused])
    await sync_to_thread(house.desk.require, call, Operation.CAMERA_IMPORT)
    expect_nothing(call)
    if announced_bytes(request) > REGISTER_BYTES_MAX:
        raise UploadTooLarge(REGISTER_BYTES_MAX)
    received = await house.archiving.receiving.receive(_bounded(request.stream()))
    call = msgspec.structs.replace(call, digest=house.digests.digest(call.digest.hex(), received.sha256))
    wish = Wish(dry_run=dry_run, accept_refused=accept_refused)
    return Response(await sync_to_thread(house.camera_imports.start, call, received, wish), status_code=202)


@get("/cameras/imports", sync_to_thread=True)
def list_imports(
    request: Asked, house: House, cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[imports.RecordedImport]:
    """Those that are on record, the last ones first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.CAMERA_IMPORT)
    with house.views.reading() as views:
        return page_of(imports.import_page(views, cursor=cursor, limit=limit))


@get("/cameras/imports/{key:uuid}", sync_to_thread=True)
def read_import(request: Asked, house: House, key: FromPath[UUID]) -> Progress:
    """How it goes, or went."""
    call = call_of(request, house)
    house.desk.require(call, Operation.CAMERA_IMPORT)
    return house.camera_imports.progress(key)


@get("/cameras/imports/{key:uuid}/refused", sync_to_thread=True)
def list_refused(
    request: Asked, house: House, key: FromPath[UUID], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[RefusedRow]:
    """What is wrong with its rows, by line; in Ukrainian where that is asked for. Told while this server lives."""
    refusals = _refusals(request, house, key)
    whole("limit", limit, least=1, most=LIMIT_MAX)
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 9):
        raise Invalid("cursor", "it is none of ours", "take it unchanged from the page before")
    start = int(cursor or 0)
    items = [_told(request, each) for each in refusals[start : start + limit]]
    return Page(items, str(start + limit) if start + limit < len(refusals) else None)


@get("/cameras/imports/{key:uuid}/refused.csv", sync_to_thread=True, media_type="text/csv")
def refused_as_csv(request: Asked, house: House, key: FromPath[UUID]) -> Response[bytes]:
    """The same as a file for a spreadsheet."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(RefusedRow.__struct_fields__)
    for each in _refusals(request, house, key):
        told = msgspec.structs.astuple(_told(request, each))
        writer.writerow([harmless(str(cell)) for cell in told])
    headers = {"Content-Disposition": f'attachment; filename="refused-{key}.csv"', "X-Content-Type-Options": "nosniff"}
    return Response(written.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def _refusals(request: Asked, house: House, key: UUID) -> Sequence[RefusedRow]:
    call = call_of(request, house)
    house.desk.require(call, Operation.CAMERA_IMPORT)
    return house.camera_imports.refusals(key)


def _told(request: Asked, row: RefusedRow) -> RefusedRow:
    """Whole in one language, as every refusal."""
    if not names_ukrainian(request):
        return row
    fault, mend = messages.phrase(row.fault), messages.phrase(row.mend)
    return row if fault is None or mend is None else msgspec.structs.replace(row, fault=fault, mend=mend)


async def _bounded(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Raises UploadTooLarge at the byte that is too much."""
    size_bytes = 0
    async for chunk in chunks:
        size_bytes += len(chunk)
        if size_bytes > REGISTER_BYTES_MAX:
            raise UploadTooLarge(REGISTER_BYTES_MAX)
        yield chunk


ROUTES = (
    import_cameras,
    list_imports,
    read_import,
    list_refused,
    refused_as_csv,
)

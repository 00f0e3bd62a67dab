"""What is attached to prevention cases, over HTTP: files streamed in and out, on record before a byte of one leaves.

A file's name is sent in a header and never in an address: addresses are logged.
"""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath, JSONBody

from app.access.operations import Operation
from app.api.answers import Done, done, done_with
from app.api.calls import Asked, House, call_of, decoded
from app.api.case_work import Because
from app.api.cases import known
from app.api.files import FileStream, Sending
from app.api.footage import announced_bytes
from app.attachments import AttachmentErased
from domain.checks import NAME_CHARACTERS_MAX
from domain.errors import Invalid
from domain.personal import FileName, Reason
from domain.prevention_case_commands import RemoveAttachment
from domain.sealed import Sealed

FILE_NAME = "Oberih-File-Name"
FILE_NAME_LENGTH_MAX = 12 * NAME_CHARACTERS_MAX  # percent-encoded, a character of four bytes takes twelve


class Attached(Done, frozen=True, kw_only=True):
    attachment: UUID


@post("/cases/{key:uuid}/attachments", request_max_body_size=None, media_type="application/json")
async def attach(request: Asked, house: House, key: FromPath[UUID]) -> Response[Attached]:
    """Attach one file, sent as the raw body: a picture, a PDF document or a sound, by its own bytes, of up to 20 MiB.
    It is sealed block by block while it comes in. `Oberih-File-Name` is its name, as its reader is to find it.
    """
    call = await sync_to_thread(call_of, request, house, [request.headers.get(FILE_NAME)])
    await sync_to_thread(house.attachments.check, call, key, announced_bytes(request))
    name = _file_name(request)
    sent = await house.attachments.receive(call, key, request.stream())
    call = msgspec.structs.replace(call, digest=house.digests.digest(call.digest.hex(), sent.sha256))
    attachment, receipt = await sync_to_thread(house.attachments.add, call, key, sent, name)
    return done_with(Attached, receipt, key, created=True, attachment=attachment)


def _file_name(request: Asked) -> str:
    name = decoded(request, FILE_NAME, FILE_NAME_LENGTH_MAX)
    if name is None:
        raise Invalid(FILE_NAME, "is missing", "send the file's name, percent-encoded")
    return name


@get("/cases/{key:uuid}/attachments/{attachment:uuid}", sync_to_thread=True, media_type="application/octet-stream")
def open_attachment(request: Asked, house: House, key: FromPath[UUID], attachment: FromPath[UUID]) -> FileStream:
    """The file as it was sent. Opening it goes on record before a byte of it leaves."""
    call = call_of(request, house)
    known(house, call, Operation.CASE_OPEN_ATTACHMENT, key)
    added = house.attachments.added(key, attachment)
    name = house.disclosures.open(call, Operation.CASE_OPEN_ATTACHMENT, key, added.name, FileName)
    if name is None:  # its file is off the disk, or about to be
        raise AttachmentErased(attachment, house.disclosures.erased_at(added.name.subject))
    file, blocks = house.attachments.open(key, added)
    called = quote(name.name, safe="")
    return FileStream(
        Sending(file, blocks),
        media_type=added.media_type,
        headers={
            "Content-Length": str(added.size_bytes),
            "Content-Disposition": f"attachment; filename*=UTF-8''{called}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


@post("/cases/{key:uuid}/attachments/{attachment:uuid}/remove", status_code=200, sync_to_thread=True)
def remove_attachment(
    request: Asked, house: House, key: FromPath[UUID], attachment: FromPath[UUID], data: JSONBody[Because]
) -> Response[Done]:
    """Take it away, with its bytes. That it was there stays on record."""
    call = call_of(request, house, data)
    reason = Sealed(call.new_record(), Reason(data.reason))
    command = RemoveAttachment(case=key, attachment=attachment, reason=reason)
    return done(house.attachments.remove(call, command), key)


ROUTES = (attach, open_attachment, remove_attachment)

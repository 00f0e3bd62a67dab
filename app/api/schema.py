"""What the OpenAPI document says beyond the routes' signatures: problems, the headers of commands, the raw upload."""

from __future__ import annotations

from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    OpenAPI,
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
)

from app.api.problems import MEDIA_TYPE, STATUS
from domain.case_words import MEDIA_TYPES
from domain.vocabulary import PURPOSES

PUBLIC = ("/login", "/health/", "/public/", "/reports/own", "/reports/public")  # answered without a token
PUBLIC_READS = ("/communities",)  # of which reading alone is
RENDERED = (JsonRenderPlugin(),)  # no page: the framework's ones run scripts from elsewhere

_UPLOAD, _STREAM = "/footage", "/footage/progress"
_ALIKE = {"/footage": ("201", "200"), "/health/ready": ("200", "503")}  # statuses with one body: described, as well
_ATTACH, _ATTACHMENT = "/cases/{key}/attachments", "/cases/{key}/attachments/{attachment}"
_CLIP = "/footage/{sha256}/clips"
_TEXT = Schema(type=OpenAPIType.STRING)
_BYTES = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, description="the video file as it is")
_FILE = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, description="the file as it is")
_EVENTS = Schema(
    type=OpenAPIType.STRING,
    description="server-sent events; what `progress`, `became` and `backlog` carry is JSON",
    examples=[
        'id: 4711\r\nevent: progress\r\ndata: {"sha256":"ab12...","camera_name":"KYIV-014","state":"claimed",'
        '"done_seconds":1260.0,"total_seconds":3600.0,"rows":812,"rate":7.4,"ends_at":"2026-11-23T12:05:16Z"}\r\n\r\n'
    ],
)
_CASE_PATTERN = f"^({'|'.join(PURPOSES)}):[0-9]{{1,20}}([/.-][0-9]{{1,8}}){{0,2}}(-%D0%[9B][0-9A-F])?$"
CASE_PURPOSE = "investigation:757/1147/26-%D0%BA"
_CODE = Schema(type=OpenAPIType.STRING, enum=list(PURPOSES))
_CODE_AND_CASE = Schema(type=OpenAPIType.STRING, pattern=_CASE_PATTERN)
_PURPOSE = (
    "Oberih-Purpose",
    f"why, for the record: one of {', '.join(PURPOSES)}; and the number of a case, here 757/1147/26-к, as in "
    f"{CASE_PURPOSE} ; no words: it is kept in the clear; percent-encoded UTF-8",
    Schema(any_of=[_CODE, _CODE_AND_CASE]),
)
_KEY = ("Idempotency-Key", "1 to 200 characters; a repeated command with the same key gets the first one's receipt")
_VERSION = ("If-Match", "the version that the caller read, as its ETag; 412 where it is another now")


_FILE_NAME = ("Oberih-File-Name", "of the file, as its reader is to find it; percent-encoded UTF-8")


def complete(document: OpenAPI) -> None:
    """Add to the framework's document what it cannot know."""
    schemas = document.components.schemas if document.components else None
    assert schemas is not None
    schemas["Problem"] = _problem()
    for path, item in (document.paths or {}).items():
        for method in ("get", "post"):
            operation: Operation | None = getattr(item, method)
            if operation is not None:
                _complete(operation, path, is_command=method == "post")


def _complete(operation: Operation, path: str, *, is_command: bool) -> None:
    public = path.startswith(PUBLIC) or (not is_command and path in PUBLIC_READS)
    if public:
        operation.security = [{}]
    else:
        headers = (_PURPOSE, _KEY, _VERSION) if is_command else (_PURPOSE,)
        operation.parameters = [*(operation.parameters or ()), *(_header(*header) for header in headers)]
    if is_command and path in (_UPLOAD, _ATTACH):
        operation.request_body = RequestBody(content={"application/octet-stream": OpenAPIMediaType(_BYTES)})
    if path == _ATTACH:
        operation.parameters = [*(operation.parameters or ()), _header(*_FILE_NAME, required=True)]
    if is_command and path == _CLIP and operation.responses:
        operation.responses["201"] = OpenAPIResponse(
            description="the clip, in the one or the other form; `Oberih-Clip` names its manifest, GET /clips/{key}",
            content={kind: OpenAPIMediaType(_BYTES) for kind in ("video/mp4", "video/x-matroska")},
        )
    if path == _ATTACHMENT and operation.responses:
        content = {kind: OpenAPIMediaType(_FILE) for kind in MEDIA_TYPES}
        operation.responses["200"] = OpenAPIResponse(description="the file as it was sent", content=content)
    refused = OpenAPIResponse(
        description="refused: `type` says why",
        content={MEDIA_TYPE: OpenAPIMediaType(Reference("#/components/schemas/Problem"))},
    )
    responses = operation.responses or {}
    if path == _STREAM and isinstance(told := responses["200"], OpenAPIResponse) and told.content:
        told.content["text/event-stream"] = OpenAPIMediaType(_EVENTS)
    described, alike = _ALIKE.get(path, ("", ""))
    if described in responses:
        responses[alike] = responses[described]
    responses.pop("400", None)  # the framework's own shape, which is never sent
    operation.responses = {**responses, "default": refused}


def _header(name: str, description: str, schema: Schema = _TEXT, *, required: bool = False) -> Parameter:
    return Parameter(name=name, param_in="header", schema=schema, description=description, required=required)


def _problem() -> Schema:
    """RFC 9457. The table of codes is the one that decides."""
    table = "\n".join(f"- {code}: {status.value}" for code, status in sorted(STATUS.items()))
    return Schema(
        type=OpenAPIType.OBJECT,
        description=f"Why it was refused; further members are facts of the refusal. `type` is /problems/ and:\n{table}"
        "\n- any other code of ours: 422 (a value cannot be accepted)\n- the phrase of an HTTP status: that status",
        required=["type", "title", "status", "detail"],
        properties={
            "type": Schema(type=OpenAPIType.STRING, examples=["/problems/invalid-value"]),
            "title": _TEXT,
            "status": Schema(type=OpenAPIType.INTEGER),
            "detail": Schema(type=OpenAPIType.STRING, description="one sentence: field, fault and mend"),
            "field": Schema(type=OpenAPIType.STRING, description="which value, where it is one"),
        },
    )

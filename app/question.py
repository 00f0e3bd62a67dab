"""What is asked of the footage, as it came in."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec

from domain.personal import SearchQuery

TEXT, IMAGE = "text", "image"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked. Without cameras or times: all that the authorisation covers."""

    authorisation: UUID | None
    text: str = ""
    image: bytes = b""
    box: tuple[int, int, int, int] | None = None
    minus: tuple[str, ...] = ()
    cameras: tuple[UUID, ...] = ()
    from_at: datetime | None = None
    to_at: datetime | None = None
    child_image: bool = False  # the picture shows a child, as the searcher says
    limit: int = 10

    @property
    def kind(self) -> str:
        return IMAGE if self.image else TEXT

    def query(
        self,
        unknown_words: tuple[str, ...] = (),
        read_as: tuple[tuple[str, str], ...] = (),
        widened_words: tuple[str, ...] = (),
    ) -> SearchQuery:
        return SearchQuery(
            text=self.text,
            minus=self.minus,
            image_sha256=hashlib.sha256(self.image).hexdigest() if self.image else "",
            box=self.box,
            unknown_words=unknown_words,
            read_as=read_as,
            widened_words=widened_words,
        )

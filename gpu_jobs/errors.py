"""What this room refuses, and what fails. Every error names the fault and the mend."""

from __future__ import annotations

import re

_PATH = re.compile(r"(?<![\w/])(?:/[^/\s'\":;,()]+){2,}")


def words_of(fault: Exception) -> str:
    """What it says, without paths: it is put on record, and told to people whose business is not where files lie."""
    return _PATH.sub("(a file)", fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault))


class GpuJobFault(Exception):
    """Base of all errors of this room."""


class FootageRefused(GpuJobFault):
    """The file itself cannot be indexed, now or later. The message says why and what to do."""


class EmptyFile(FootageRefused):
    pass


class NotAVideo(FootageRefused):
    pass


class NoVideoStream(FootageRefused):
    pass


class CodecUnsupported(FootageRefused):
    pass


class Unreadable(FootageRefused):
    pass


class ImageRefused(GpuJobFault):
    """A query image, or the box in it, cannot be used."""


class ImageUnreadable(ImageRefused):
    pass


class ImageTooLarge(ImageRefused):
    pass


class BoxOutside(ImageRefused):
    pass


class ClipImpossible(GpuJobFault):
    """No clip can be made so. The message says why and what to do."""


class NoKeyframeWithin(ClipImpossible):
    pass


class NothingWithin(ClipImpossible):
    pass


class NotCopyable(ClipImpossible):
    pass


class ClipTooLarge(ClipImpossible):
    pass


class DecodeFailed(GpuJobFault):
    """This attempt at decoding failed; the same file may decode another time."""


class DecodeCrashed(DecodeFailed):
    pass


class DecodeTimedOut(DecodeFailed):
    pass


class ReadFailed(DecodeFailed):
    """The disk did not give what the file holds, which says nothing of the file."""


class DecodeOverLimit(DecodeFailed):
    """The decoding process sent more than it may, or what it may not."""


class DecodeEscaping(DecodeFailed):
    """The decoding process tried to reach more than the file it was given, and was killed. The file may be hostile."""


class OriginalDamaged(DecodeFailed):
    """The stored file is not the one that was archived: nothing is made of it until it is whole again."""

    def __init__(self, damage: str) -> None:
        super().__init__(f"the original is {damage}; archive the same file again, or put it back from a backup")


class ClaimLost(GpuJobFault):
    """Another worker holds this footage now: stop, and drop what is not committed."""


class RemakeFailed(GpuJobFault):
    """Footage was not made with another model, for a reason that is none of its own (a bug, a full disk). That is on
    record, and it is tried again."""

    def __init__(self, footage: str, fault: Exception) -> None:
        super().__init__(f"footage {footage}: not made, by no fault of its own: {type(fault).__name__}: {fault}")
        self.footage = footage


class ModelUnavailable(GpuJobFault):
    """A model's files are missing or do not fit together."""


REFUSALS: dict[str, type[GpuJobFault]] = {
    kind.__name__: kind
    for kind in (
        EmptyFile,
        NotAVideo,
        NoVideoStream,
        CodecUnsupported,
        Unreadable,
        ImageUnreadable,
        ImageTooLarge,
        NoKeyframeWithin,
        NothingWithin,
        NotCopyable,
        ClipTooLarge,
        ReadFailed,
        DecodeOverLimit,
    )
}
"""What a decoding process may answer with instead of frames, by name."""

"""A model's files put together in one folder that can be carried to where there is no internet, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.card import PLAIN, ModelCard
from gpu_jobs.models.catalogue import Choice, choice_of
from gpu_jobs.models.converting import DISPENSABLE, convert
from gpu_jobs.models.files import (
    BPE_FILE,
    CARD_FILE,
    CONFIG_FILE,
    HEADS_FILE,
    TEXT_TOWER_FILE,
    TOKENIZER_FILES,
    WEIGHTS_FILE,
)
from search_index.durable import publish, record_of, sync, write_file

WEIGHTS_NAMES = WEIGHTS_FILE, "open_clip_pytorch_model.safetensors"
PICKLED = "open_clip_pytorch_model.bin"
NOT_VERIFIED = "not verified"


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever made a model says of it. Asked for weights of one's own; of published ones the catalogue knows."""

    licence: str
    intended_use: str
    languages: tuple[str, ...] = ("en",)


class Source(Protocol):
    """Where files come from: a repository of the hub, or a folder."""

    def __contains__(self, file: str) -> bool: ...

    def fetched(self, file: str) -> Path: ...


class Beside:
    """Files that lie in one folder, such as beside weights of one's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, file: str) -> bool:
        return (self._folder / file).is_file()

    def fetched(self, file: str) -> Path:
        return self._folder / file


def carry(
    model: str,
    folder: Path,
    *,
    converting: bool = False,
    without: Collection[str] = (),
    terms: Terms | None = None,
    templates: Sequence[str] = (),
) -> ModelCard:
    """Make a new folder with all that a model needs, and its card. `model` is

    - `name/tag`: fetched from the hub;
    - `name:/path.safetensors`: weights of one's own for an architecture of open_clip;
    - `local-dir:/path`: an architecture of one's own, as open_clip reads it.

    Of one's own models `terms` tell, and what their tokenizers need lies beside the weights. `templates` stand in the
    card instead of those of the catalogue. Whatever cuts it short leaves no folder of that name. `converting` allows
    weights to be made into safetensors from a pickle where there is nothing else, in a process that is shut in;
    `without` names parts of that seal (of `DISPENSABLE`) that this kernel may lack. The card says what they were, and
    what it lacked.

    Raises ModelUnavailable: it is unknown, cannot be fetched, lacks a file, or this kernel cannot shut a process in.
    """
    if folder.exists():
        raise ModelUnavailable(f"folder: {folder} is there already; name a new one")
    _check(templates, without)
    if ":" in model and terms is None:
        raise ModelUnavailable(f"model: of {model} nothing is known; say its licence and its intended use")
    with _aside(folder) as aside:
        if model.startswith("local-dir:"):
            said = _of_folder(Path(model.removeprefix("local-dir:")), aside, terms)
        else:
            said = _of_checkpoint(model, aside, without if converting else None, terms)
        files = {path.name: record_of(path).sha256 for path in aside.iterdir()}
        card = msgspec.structs.replace(said, files=files, templates=tuple(templates) or said.templates)
        write_file(aside / CARD_FILE, [card.printed()])
    return card


def _check(templates: Sequence[str], without: Collection[str]) -> None:
    if any(each.count(PLAIN) != 1 for each in templates):
        raise ModelUnavailable(f"templates: each of {templates} needs {PLAIN} once, where the searched words go")
    if unknown := set(without) - set(DISPENSABLE):
        named, parts = ", ".join(sorted(unknown)), " or ".join(DISPENSABLE)
        raise ModelUnavailable(f"without: {named} is no part of the seal that may be missing; name {parts}")


def _of_folder(source: Path, aside: Path, terms: Terms | None) -> ModelCard:
    for name in (CONFIG_FILE, WEIGHTS_FILE):
        if not (source / name).is_file():
            raise ModelUnavailable(f"model: {source} lacks {name}; give the folder of a whole model")
        _copy(source / name, aside / name)
    if (source / HEADS_FILE).is_file():
        _copy(source / HEADS_FILE, aside / HEADS_FILE)
    _tokenizer(_text_of(aside), Beside(source), aside)
    return _own_card(source.name, f"folder: {source.name}", terms)


def _of_checkpoint(model: str, aside: Path, without: Collection[str] | None, terms: Terms | None) -> ModelCard:
    from gpu_jobs.models.checkpoints import checkpoint_of

    checkpoint = checkpoint_of(model)
    write_file(aside / CONFIG_FILE, [msgspec.json.format(msgspec.json.encode(checkpoint.config()), indent=2)])
    if checkpoint.weights is None:
        return _from_hub(model, checkpoint.repository, aside, without)
    _copy(checkpoint.weights, aside / WEIGHTS_FILE)
    _tokenizer(_text_of(aside), Beside(checkpoint.weights.parent), aside)
    name = f"{checkpoint.architecture}:{checkpoint.weights.stem}"
    return _own_card(name, f"file: {checkpoint.weights.name}", terms)


def _text_of(aside: Path) -> dict[str, Any]:
    """What the configuration says of the text tower and its tokenizer."""
    try:
        text: dict[str, Any] = msgspec.json.decode((aside / CONFIG_FILE).read_bytes())["model_cfg"]["text_cfg"]
    except (msgspec.DecodeError, KeyError, TypeError) as fault:
        raise ModelUnavailable(
            f"model: {CONFIG_FILE} is not open_clip's: {fault!r}; it has model_cfg.text_cfg"
        ) from fault
    return text


def _from_hub(model: str, repository: str, aside: Path, without: Collection[str] | None) -> ModelCard:
    from gpu_jobs.models.hub import Repository

    if not repository:
        raise ModelUnavailable(f"model: {model} is not on the hub; fetch its weights and name them: NAME:/path")
    found = Repository(repository)
    came = _weights(found, aside / WEIGHTS_FILE, without)
    text = _text_of(aside)
    reader = text.get("hf_tokenizer_name") or text.get("hf_model_name")
    words = found if reader in (None, repository) else Repository(reader)
    _tokenizer(text, words, aside)
    of_words = "" if words is found else f"; tokenizer: hub: {words.name} at {words.revision}"
    choice = choice_of(model) or _undocumented(model, repository)
    return choice.card(source=f"hub: {repository}, {came}{of_words}", revision=found.revision)


def _weights(found: Source, target: Path, without: Collection[str] | None) -> str:
    """Which file they came from. `without` is None where none may be converted."""
    name = next((each for each in WEIGHTS_NAMES if each in found), None)
    if name is not None:
        _copy(found.fetched(name), target)
        return name
    if PICKLED not in found:
        raise ModelUnavailable(f"model: its repository has neither {' nor '.join((*WEIGHTS_NAMES, PICKLED))}")
    if without is None:
        raise ModelUnavailable(
            f"model: its weights are there only as {PICKLED}, a format that can run code; --convert makes safetensors "
            "of them, in a process that is shut in"
        )
    converted = convert(found.fetched(PICKLED), target, without=without)
    lacked = f" by a process without {' and '.join(converted.lacked)}" if converted.lacked else ""
    return f"{PICKLED} (SHA-256 {converted.sha256}), converted{lacked}"


def _tokenizer(text: dict[str, Any], found: Source, aside: Path) -> None:
    """All that turns words into numbers, and says what the text tower looks like."""
    if not (text.keys() & {"hf_tokenizer_name", "hf_model_name"}):
        from gpu_jobs.models.checkpoints import published_bpe

        _copy(found.fetched(BPE_FILE) if BPE_FILE in found else published_bpe(), aside / BPE_FILE)
        return
    names = [each for each in TOKENIZER_FILES if each in found]
    if not names:
        raise ModelUnavailable(f"model: its tokenizer's files are missing: none of {', '.join(TOKENIZER_FILES)}")
    if "hf_model_name" in text:
        if TEXT_TOWER_FILE not in found:
            raise ModelUnavailable(f"model: {TEXT_TOWER_FILE} is missing, which says what its text tower looks like")
        names.append(TEXT_TOWER_FILE)
    for name in names:
        _copy(found.fetched(name), aside / name)


def _own_card(name: str, source: str, terms: Terms | None) -> ModelCard:
    assert terms is not None, "carry asked for them"
    return ModelCard(name=name, source=source, **msgspec.structs.asdict(terms))


def _undocumented(model: str, repository: str) -> Choice:
    return Choice(
        name=model,
        purpose=NOT_VERIFIED,
        repository=repository,
        licence=f"{NOT_VERIFIED}: read the page of {repository}",
        intended_use=f"{NOT_VERIFIED}: read the page of {repository}",
        languages=("en",),
        needs_transformers=False,
        templates=(PLAIN,),
        figures=(),
    )


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A folder to fill, which gets its name when all in it is written, or goes."""
    aside = folder.parent / f".{folder.name}.part"
    shutil.rmtree(aside, ignore_errors=True)  # of a run that was killed
    aside.mkdir(parents=True)
    try:
        yield aside
        publish(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    sync(target)

"""The documented choices: pretrained models that a deployment may pick, what is published of each, and by whom.

Nothing here was measured by us, and of a web model's figures little carries over to surveillance footage (arXiv
2309.13925): a deployment measures on its own footage before it accepts a card. Figures are as their sources have
them; what could not be checked at its source says "not verified".
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.card import PLAIN, ModelCard, read_card
from gpu_jobs.models.files import CARRIED, OFFLINE_FOLDER
from search_index.durable import record_of

OPEN_CLIP = "mlfoundations/open_clip@89fb801f docs/"
XM3600 = f"{OPEN_CLIP}openclip_multilingual_retrieval_results.csv"  # Crossmodal-3600, text → image
PROFILE = f"{OPEN_CLIP}model_profile.csv"
IMMICH = "immich-app/immich@01a09bb3 docs/docs/features/searching.md"  # mean of recall@1, @5 and @10 on XM3600
MOBILECLIP = "apple/ml-mobileclip@e15d36ef README.md"

UK_AT_1 = "XM3600 Ukrainian text → image recall@1"
EN_AT_1 = "XM3600 English text → image recall@1"
UK_MEAN = "XM3600 Ukrainian mean recall, %"
EN_MEAN = "XM3600 English mean recall, %"
IMAGE_GFLOPS, IMAGE_MPARAMS, TEXT_MPARAMS = "GFLOP a picture", "million parameters, picture", "million parameters, text"

ENGLISH = "{}", "a photo of {}", "CCTV footage of {}"
BOTH = *ENGLISH, "фото: {}", "запис камери спостереження: {}"  # colons: what follows keeps its case

LAION_USES = "Its card names zero-shot classification and image and text retrieval as direct use"
CLIP_LIMITS = (
    "Its card holds any deployed use, and surveillance and face recognition always, out of scope, as the card of "
    "OpenAI's CLIP does. Whoever accepts it for casework does so against its makers' advice and says why"
)


class Figure(msgspec.Struct, frozen=True):
    """One published figure and where it stands."""

    what: str
    value: float
    source: str


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One pretrained model that may be picked."""

    name: str  # open_clip's name/tag
    purpose: str
    repository: str  # on the hub
    licence: str
    intended_use: str
    languages: tuple[str, ...]
    needs_transformers: bool  # pip install 'oberih[multilingual]'
    templates: tuple[str, ...]
    figures: tuple[Figure, ...]

    def card(self, *, source: str = "", revision: str = "", files: dict[str, str] | None = None) -> ModelCard:
        """Its card; of files that are carried where they are given, else of the name alone."""
        return ModelCard(
            name=self.name,
            source=source or f"hub: {self.repository}",
            revision=revision,
            licence=self.licence,
            intended_use=self.intended_use,
            languages=self.languages,
            templates=self.templates,
            files=files or {},
        )


CHOICES = (
    Choice(
        name="xlm-roberta-base-ViT-B-32/laion5b_s13b_b90k",
        purpose="Ukrainian and English on processors: the picture tower is a ViT-B-32's, no more",
        repository="laion/CLIP-ViT-B-32-xlm-roberta-base-laion5B-s13B-b90k",
        licence="MIT; its tokenizer (xlm-roberta-base) MIT",
        intended_use=f"{LAION_USES}; it says nothing of surveillance. Trained on the full LAION-5B, uncurated.",
        languages=("uk", "en"),
        needs_transformers=True,
        templates=BOTH,
        figures=(
            Figure(UK_AT_1, 0.569, XM3600),
            Figure(EN_AT_1, 0.470, XM3600),
            Figure(UK_MEAN, 76.31, IMMICH),
            Figure(EN_MEAN, 68.33, IMMICH),
            Figure(IMAGE_GFLOPS, 8.82, PROFILE),
            Figure(IMAGE_MPARAMS, 87.85, PROFILE),
            Figure(TEXT_MPARAMS, 278.27, PROFILE),
        ),
    ),
    Choice(
        name="xlm-roberta-large-ViT-H-14/frozen_laion5b_s13b_b90k",
        purpose="the best Ukrainian under a free licence; needs a GPU: 38 times the arithmetic of a ViT-B-32",
        repository="laion/CLIP-ViT-H-14-frozen-xlm-roberta-large-laion5B-s13B-b90k",
        licence="MIT; its tokenizer (xlm-roberta-large): not verified",
        intended_use=f"{LAION_USES}; it says nothing of surveillance. Trained on the full LAION-5B, uncurated.",
        languages=("uk", "en"),
        needs_transformers=True,
        templates=BOTH,
        figures=(
            Figure(UK_AT_1, 0.670, XM3600),
            Figure(EN_AT_1, 0.513, XM3600),
            Figure(UK_MEAN, 83.2, IMMICH),
            Figure(EN_MEAN, 71.45, IMMICH),
            Figure(IMAGE_GFLOPS, 334.59, PROFILE),
            Figure(IMAGE_MPARAMS, 632.08, PROFILE),
            Figure(TEXT_MPARAMS, 560.94, PROFILE),
        ),
    ),
    Choice(
        name="nllb-clip-base-siglip/mrl",
        purpose="better Ukrainian than the XLM-R base model's, at 13 times the arithmetic; its licence limits use",
        repository="visheratin/nllb-siglip-mrl-base",
        licence="CC-BY-NC-4.0: no commercial use; whether police work is any, a lawyer must say",
        intended_use="Zero-shot image classification and retrieval in 201 languages; of more, not verified.",
        languages=("uk", "en"),
        needs_transformers=True,
        templates=BOTH,
        figures=(
            Figure(UK_AT_1, 0.626, XM3600),
            Figure(EN_AT_1, 0.491, XM3600),
            Figure(UK_MEAN, 79.99, IMMICH),
            Figure(EN_MEAN, 69.66, IMMICH),
            Figure(IMAGE_GFLOPS, 112.13, PROFILE),
            Figure(IMAGE_MPARAMS, 93.18, PROFILE),
            Figure(TEXT_MPARAMS, 414.3, PROFILE),
        ),
    ),
    Choice(
        name="ViT-B-16-SigLIP2/webli",
        purpose="strong English; its Ukrainian is behind the XLM-R base model's",
        repository="timm/ViT-B-16-SigLIP2",
        licence="Apache-2.0 on Google's SigLIP 2 cards; of this conversion not verified",
        intended_use="Google's SigLIP 2 cards name zero-shot classification and image and text retrieval.",
        languages=("en", "uk"),
        needs_transformers=True,
        templates=BOTH,
        figures=(
            Figure(UK_MEAN, 65.28, IMMICH),
            Figure(EN_MEAN, 75.19, IMMICH),
        ),
    ),
    Choice(
        name="MobileCLIP2-S0/dfndr2b",
        purpose="research only: the fastest on processors, English",
        repository="timm/MobileCLIP2-S0-OpenCLIP",
        licence="Apple Machine Learning Research Model licence: non-commercial research only, no use in a service",
        intended_use="Scientific research, by its licence. Do not accept it for casework.",
        languages=("en",),
        needs_transformers=False,
        templates=ENGLISH,
        figures=(
            Figure("ImageNet-1k zero-shot, % right", 71.5, MOBILECLIP),
            Figure(IMAGE_MPARAMS, 11.4, MOBILECLIP),
            Figure(TEXT_MPARAMS, 42.4, MOBILECLIP),
        ),
    ),
    Choice(
        name="ViT-B-32/laion2b_s34b_b79k",
        purpose="English only: Ukrainian finds next to nothing",
        repository="laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
        licence="MIT",
        intended_use=f"{LAION_USES}, for research. {CLIP_LIMITS}. English only. Trained on LAION-2B, uncurated.",
        languages=("en",),
        needs_transformers=False,
        templates=ENGLISH,
        figures=(
            Figure(UK_AT_1, 0.005, XM3600),
            Figure(EN_AT_1, 0.476, XM3600),
            Figure(EN_MEAN, 68.78, IMMICH),
            Figure(IMAGE_GFLOPS, 8.82, PROFILE),
            Figure(IMAGE_MPARAMS, 87.85, PROFILE),
            Figure(TEXT_MPARAMS, 63.43, PROFILE),
        ),
    ),
)


OFFLINE = Choice(
    name="offline",
    purpose="trying and testing only: comes with Oberih, needs no download",
    repository="",
    licence="Apache-2.0",
    intended_use="Trying and testing only, never casework: it has seen drawn scenes, no photograph. "
    "gpu_jobs/offline_model/weights/MODEL_CARD.md has its figures.",
    languages=("uk", "en"),
    needs_transformers=False,
    templates=(PLAIN,),
    figures=(),
)
"""What a deployment begins with. No pretrained model, so it is none of `CHOICES`."""


def choice_of(name: str) -> Choice | None:
    return next((each for each in CHOICES if each.name == name), None)


def card_of(model: str) -> ModelCard:
    """The card of a model as a setting names it (see `gpu_jobs.encoders.load_encoder`). Reads no weights but the
    offline model's, and checks no file against it: loading does.

    Raises ModelUnavailable where there is no card.
    """
    card = _known_card(model)
    if card is None:
        raise ModelUnavailable(
            f"model: {model!r} has no card; carry it in a folder that has one: oberih model fetch MODEL FOLDER"
        )
    return card


def templates_of(model: str) -> tuple[str, ...]:
    """The sentences that a model's queries are put into; none where it has no card. Raises ModelUnavailable."""
    card = _known_card(model)
    return card.templates if card else ()


def _known_card(model: str) -> ModelCard | None:
    if model == "offline":
        return _offline_card()
    if model.startswith("local-dir:"):
        return read_card(Path(model.removeprefix("local-dir:")))
    choice = choice_of(model)
    return choice.card() if choice else None


def _offline_card() -> ModelCard:
    files = {path.name: record_of(path).sha256 for path in OFFLINE_FOLDER.iterdir() if path.name in CARRIED}
    return OFFLINE.card(source="comes with Oberih", files=files)

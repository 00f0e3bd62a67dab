"""The tables of what each reader gets of one child, one report and one camera.

python -m tests.app.access.side_by_side    # writes all of them anew
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.composition import open_house
from app.initialising import initialise
from tests.app.access import one_camera, one_child, one_report
from tests.app.access.one_thing import Document, written
from tests.app.access.scene import Scene
from tests.app.conftest import PASSWORD, House, furnish, serving
from tests.fakes_gpu import ColourHistograms

DOCUMENTS = (one_child.DOCUMENT, one_report.DOCUMENT, one_camera.DOCUMENT)


def answered(house: House) -> Iterator[tuple[Document, str]]:
    """Each document with what the API answers of its thing, in a house that has nothing but its people yet."""
    scene = Scene.of(house)
    for document in DOCUMENTS:
        document.put(scene)
    for document in DOCUMENTS:
        yield document, written(document, scene)


def main() -> None:
    """Write the tables anew, from a house that is made for them."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "deployment"
        initialise(place, password=PASSWORD)
        with serving(open_house(place, encoder=ColourHistograms())) as house:
            furnish(house)
            for document, text in answered(house):
                document.path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

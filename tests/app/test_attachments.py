"""What is attached to a case: told by its bytes, sealed on its way in, on record before it leaves, gone at a word."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from app.backup import back_up
from app.sealed_files import BLOCK_BYTES, FileAltered, FileSealer, opened
from domain.event import Recorded
from domain.ids import account_id
from domain.prevention_case_work import ATTACHMENT_BYTES_MAX
from tests.app.conftest import House
from tests.app.prevention_house import CLOSE, COLLEAGUE, IN_CHARGE, PDF, SUPERVISOR, Prevention

SECRET = "Характеристика на Івана Сірка".encode()
LETTER = PDF + SECRET
LARGE = LETTER + bytes(range(256)) * (3 * BLOCK_BYTES // 256)  # more than three blocks


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    made = Prevention(house)
    made.settle()
    return made


@pytest.fixture(scope="module")
def case(prevention: Prevention) -> str:
    return prevention.open()


def path_of(house: House, attachment: str) -> Path:
    return house.services.deployment.attachment(UUID(attachment))


@pytest.mark.parametrize(
    "content", [LETTER, LARGE, PDF + bytes(BLOCK_BYTES - len(PDF))], ids=["small", "large", "even"]
)
def test_what_comes_out_is_what_was_sent(house: House, prevention: Prevention, case: str, content: bytes) -> None:
    answer = prevention.attach(IN_CHARGE, case, content, name="характеристика.pdf")
    assert answer.status_code == 201, answer.text
    attachment = answer.json()["attachment"]
    for person in (IN_CHARGE, SUPERVISOR):
        sent = house.ask(person, f"/cases/{case}/attachments/{attachment}")
        assert (sent.status_code, sent.content) == (200, content)
    assert sent.headers["content-type"] == "application/pdf"
    assert sent.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%D1%85")
    assert (sent.headers["x-content-type-options"], sent.headers["cache-control"]) == ("nosniff", "no-store")


def test_nothing_of_it_is_on_the_disk_in_the_clear(house: House, prevention: Prevention, case: str) -> None:
    attachment = prevention.attach(IN_CHARGE, case, LARGE, name="Сірко.pdf").json()["attachment"]
    assert len(path_of(house, attachment).read_bytes()) > len(LARGE)
    for path in house.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert SECRET not in content, path
            assert "Сірко.pdf".encode() not in content, path


def test_that_it_was_opened_is_on_record(house: House, prevention: Prevention, case: str) -> None:
    attachment = prevention.attach(IN_CHARGE, case).json()["attachment"]
    before = house.services.log.head()
    house.ask(SUPERVISOR, f"/cases/{case}/attachments/{attachment}")
    (row,) = house.services.log.read(after=before)
    assert isinstance(row, Recorded)
    assert (row.event.operation, str(row.event.thing)) == ("case.open-attachment", case)  # type: ignore[attr-defined]
    assert row.meta.actor == account_id(SUPERVISOR)


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 422, "is empty"),
        (b"MZ\x90\x00 a program", 422, "by its bytes"),
        (b"<html><script>alert(1)</script></html>", 422, "by its bytes"),
        (PDF + bytes(ATTACHMENT_BYTES_MAX), 413, str(ATTACHMENT_BYTES_MAX)),
    ],
    ids=["empty", "program", "page", "large"],
)
def test_what_is_not_taken_leaves_nothing(
    house: House, prevention: Prevention, case: str, content: bytes, status: int, says: str
) -> None:
    before = sorted(house.folder.glob("attachments/*/*"))
    answer = prevention.attach(IN_CHARGE, case, content, name="лист.pdf")
    assert answer.status_code == status
    assert says in answer.json()["detail"]
    assert sorted(house.folder.glob("attachments/*/*")) == before
    assert list((house.folder / "incoming").iterdir()) == []


def test_more_than_was_announced_is_refused_too(house: House, prevention: Prevention, case: str) -> None:
    def endless() -> Iterator[bytes]:
        yield PDF
        for _ in range(21):
            yield bytes(2**20)

    headers = {"Authorization": f"Bearer {house.token(IN_CHARGE)}", "Oberih-File-Name": "x"}
    answer = house.http.post(f"/cases/{case}/attachments", content=endless(), headers=headers)
    assert answer.status_code == 413
    assert list((house.folder / "incoming").iterdir()) == []


def test_a_name_that_cannot_be_kept_leaves_no_file(house: House, prevention: Prevention, case: str) -> None:
    before = sorted(house.folder.glob("attachments/*/*"))
    assert prevention.attach(IN_CHARGE, case, name="a\nb").json()["field"] == "name"
    assert sorted(house.folder.glob("attachments/*/*")) == before


@pytest.mark.parametrize("name", ["лист.pdf", "50%25 та 100%.pdf", "a+b c.pdf", "ї" * 200])
def test_a_name_is_kept_as_it_was_sent(house: House, prevention: Prevention, name: str) -> None:
    case = prevention.open()
    attachment = prevention.attach(IN_CHARGE, case, name=name).json()["attachment"]
    written = house.ask(IN_CHARGE, f"/cases/{case}/narratives").json()["items"]
    assert [each["text"] for each in written if each["part"] == "name"] == [name]
    sent = house.ask(IN_CHARGE, f"/cases/{case}/attachments/{attachment}")
    assert sent.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(name, safe='')}"


@pytest.mark.parametrize(
    ("headers", "query", "field"),
    [
        ({}, "", "Oberih-File-Name"),
        ({"Oberih-File-Name": ""}, "", "Oberih-File-Name"),
        ({"Oberih-File-Name": "%ff.pdf"}, "", "Oberih-File-Name"),
        ({"Oberih-File-Name": "лист.pdf".encode()}, "", "Oberih-File-Name"),
        ({"Oberih-File-Name": "x" * 2_401}, "", "Oberih-File-Name"),
        ({"Oberih-File-Name": "x.pdf"}, "?name=x.pdf", "name"),
    ],
    ids=["none", "empty", "not UTF-8", "not encoded", "long", "in the address"],
)
def test_a_name_is_sent_in_its_header_alone(
    house: House, case: str, headers: dict[str, str | bytes], query: str, field: str
) -> None:
    before = house.services.log.head()
    sent = {"Authorization": f"Bearer {house.token(IN_CHARGE)}", "Accept-Language": "uk", **headers}
    answer = house.http.post(f"/cases/{case}/attachments{query}", content=LETTER, headers=sent)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert query or re.search("[а-яіїє]", answer.json()["detail"]), answer.text
    assert house.services.log.head() == before


def test_a_retry_is_the_same_attachment_and_another_file_is_none(
    house: House, prevention: Prevention, case: str
) -> None:
    first = prevention.attach(IN_CHARGE, case, LETTER, key=f"letter-{case}")
    again = prevention.attach(IN_CHARGE, case, LETTER, key=f"letter-{case}")
    assert first.json() == again.json()
    other = prevention.attach(IN_CHARGE, case, LARGE, key=f"letter-{case}")
    assert other.json()["type"] == "/problems/command-id-reused"
    sent = house.ask(IN_CHARGE, f"/cases/{case}/attachments/{first.json()['attachment']}")
    assert sent.content == LETTER


def test_a_stale_version_is_told_before_a_byte_is_read(house: House, prevention: Prevention, case: str) -> None:
    answer = prevention.attach(IN_CHARGE, case, version=1)
    assert answer.status_code == 412
    assert answer.json()["current_version"] > 1


def test_removed_it_is_gone_and_that_it_was_there_stays(house: House, prevention: Prevention, case: str) -> None:
    attachment = prevention.attach(IN_CHARGE, case).json()["attachment"]
    house.done(IN_CHARGE, f"/cases/{case}/attachments/{attachment}/remove", {"reason": "Не той файл"})
    assert not path_of(house, attachment).exists()
    gone, never = (house.ask(IN_CHARGE, f"/cases/{case}/attachments/{each}") for each in (attachment, str(uuid4())))
    assert (gone.status_code, never.status_code) == (404, 404)
    (shown,) = [
        each
        for each in house.ask(IN_CHARGE, f"/cases/{case}").json()["attachments"]
        if each["attachment"] == attachment
    ]
    assert shown["removed_at"] is not None


def test_a_crash_between_record_and_disk_is_mended_at_the_start(
    house: House, prevention: Prevention, case: str
) -> None:
    attachment = prevention.attach(IN_CHARGE, case).json()["attachment"]
    kept = path_of(house, attachment).read_bytes()
    house.done(IN_CHARGE, f"/cases/{case}/attachments/{attachment}/remove", {"reason": "Не той файл"})
    path_of(house, attachment).write_bytes(kept)
    house.services.attachments.sweep()
    assert not path_of(house, attachment).exists()


@pytest.mark.parametrize("fault", ["missing", "altered", "cut off"])
def test_damage_is_told_before_a_byte_is_sent(house: House, prevention: Prevention, case: str, fault: str) -> None:
    attachment = prevention.attach(IN_CHARGE, case, LARGE).json()["attachment"]
    place = path_of(house, attachment)
    content = bytearray(place.read_bytes())
    if fault == "missing":
        place.unlink()
    elif fault == "altered":
        content[-5] ^= 1
        place.write_bytes(content)
    else:
        place.write_bytes(content[: -BLOCK_BYTES // 2])
    answer = house.ask(IN_CHARGE, f"/cases/{case}/attachments/{attachment}")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/attachment-damaged")
    assert "backup" in answer.json()["detail"]


def test_a_closed_case_takes_none_and_who_is_not_in_charge_adds_none(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    assert prevention.attach(COLLEAGUE, case).status_code == 403
    assert prevention.attach(SUPERVISOR, case).status_code == 403
    assert prevention.attach("olena", case).status_code == 404
    house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
    assert prevention.attach(IN_CHARGE, case).status_code == 403, "nobody is in charge of it any more"


def test_once_the_case_is_erased_nobody_opens_or_adds_anything(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    attachment = prevention.attach(IN_CHARGE, case, LETTER).json()["attachment"]
    house.services.vault.erase(UUID(case))
    answer = house.ask(IN_CHARGE, f"/cases/{case}/attachments/{attachment}")
    assert (answer.status_code, answer.json()["type"]) == (410, "/problems/attachment-erased")
    assert prevention.attach(IN_CHARGE, case).json()["type"] == "/problems/subject-erased"


class TestSealedFiles:
    def sealed(self, house: House, subject: UUID, key: UUID, *blocks: bytes) -> bytes:
        sealer = FileSealer(house.services.vault, subject, key)
        last = len(blocks) - 1
        return sealer.head + b"".join(sealer.seal(block, last=place == last) for place, block in enumerate(blocks))

    def test_a_file_belongs_to_its_subject_and_its_place(
        self, house: House, prevention: Prevention, case: str, tmp_path: Path
    ) -> None:
        other, subject, key = UUID(prevention.open()), UUID(case), uuid4()
        self.sealed(house, other, key, b"so that it has a key")
        whole = self.sealed(house, subject, key, bytes(BLOCK_BYTES), b"end")
        head, block = len(whole) - BLOCK_BYTES - 16 - 19, BLOCK_BYTES + 16
        first, second = whole[head : head + block], whole[head + block :]
        faults = {
            "as it is": (whole, subject, key, True),
            "another subject": (whole, other, key, False),
            "another file": (whole, subject, uuid4(), False),
            "cut off": (whole[: head + block], subject, key, False),
            "longer": (whole + second, subject, key, False),
            "exchanged": (whole[:head] + second + first, subject, key, False),
            "no such file": (b"x" * 100, subject, key, False),
            "nothing": (b"", subject, key, False),
        }
        for name, (content, of, called, good) in faults.items():
            path = tmp_path / name
            path.write_bytes(content)
            with path.open("rb") as file:
                if good:
                    assert b"".join(opened(file, house.services.vault, of, called)) == bytes(BLOCK_BYTES) + b"end"
                else:
                    with pytest.raises(FileAltered):
                        list(opened(file, house.services.vault, of, called))

    def test_the_same_content_is_never_sealed_to_the_same_bytes(
        self, house: House, prevention: Prevention, case: str
    ) -> None:
        key = uuid4()
        first, second = (self.sealed(house, UUID(case), key, LETTER) for _ in "12")
        assert first[-40:] != second[-40:]


def test_a_backup_has_the_attachments_and_says_which_are_damaged(
    house: House, prevention: Prevention, tmp_path: Path
) -> None:
    case = prevention.open()
    attached = (prevention.attach(IN_CHARGE, case, LETTER).json()["attachment"] for _ in "1234")
    whole, broken, gone, unopened = attached
    path_of(house, broken).write_bytes(b"nothing of it")
    path_of(house, unopened).unlink()
    path_of(house, unopened).mkdir()
    house.done(IN_CHARGE, f"/cases/{case}/attachments/{gone}/remove", {"reason": "Не той файл"})
    made = back_up(house.folder, tmp_path / "copy")
    copied = {path.name for path in (tmp_path / "copy" / "attachments").glob("*/*")}
    assert UUID(whole).hex in copied
    assert {UUID(broken).hex, UUID(gone).hex, UUID(unopened).hex} & copied == set()
    assert f"attachment {broken}" in made.originals_damaged
    assert made.originals_damaged[f"attachment {unopened}"] == "it cannot be opened: Is a directory"
    assert f"attachment {whole}" not in made.originals_damaged
    assert not made.is_whole
    shutil.rmtree(tmp_path / "copy")

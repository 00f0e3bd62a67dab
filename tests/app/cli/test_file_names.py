"""What a template reads of a path, and what it refuses to guess."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.file_names import BadTemplate, Template, clock_of, time_anywhere
from app.client.refused import Refused
from domain.errors import DomainError

AUTUMN = "gate_20261025_033000.mp4"  # Kyiv's clocks showed 03:00 to 04:00 twice
GATE = "{camera}_{date}_{time}.mp4"


@pytest.mark.parametrize(
    ("template", "path", "camera", "at"),
    [
        ("{date}/{hour}/{camera}/{minute}.{second}.mp4", "/r/2026-11-23/12/gate/05.07.mp4", "gate", "12:05:07"),
        ("{camera}_{date}{time}_{digits}.mp4", "ch01_20261123120507_20261123130507.mp4", "ch01", "12:05:07"),
        ("{camera}/{date}/001/*/*/{time}-*", "N/2026-11-23/001/dav/12/12.05.07-12.10.00[M][0@0].mp4", "N", "12:05:07"),
        ("{camera}.{date}_{time}.mp4", "Gate 2.20261123_120507.MP4", "Gate 2", "12:05:07"),
        ("{date}-{time}-{digits}_*-{camera}.*", "20261123-120507-001000_192.168.1.11-CH2.avi", "CH2", "12:05:07"),
        (
            "{camera} {month}-{day}-{year}, {hour}.{minute}.{second} {ampm}.mp4",
            "Gate 11-23-2026, 1.05.07 PM.mp4",
            "Gate",
            "13:05:07",
        ),
        ("{camera}_{yy}{month}{day}_{hour}{minute}{second}*", "g_261123_120507-x.mp4", "g", "12:05:07"),
        ("{camera}{date}-{time}-{digits}.mp4", "Gate20261123-120507-1711026307.mp4", "Gate", "12:05:07"),
        ("*_{camera}_{date}{time}{millisecond}*", "x_01_20261123120507250_M.mp4", "01", "12:05:07.250"),
        ("{camera}_{date}T{time}{offset}.mp4", "g_2026-11-23T14-05-07+0200.mp4", "g", "12:05:07"),
        ("{camera}/{date}_{time}.mp4", "й/2026_11_23_12_05_07.mp4", "й", "12:05:07"),
        ("{camera}_{date}_{time}*", "gate_2_20261123_120507.mp4", "gate_2", "12:05:07"),
        ("{camera}-{unix}.mp4", "g-1795435507.mp4", "g", "12:05:07"),
        ("{camera}-{unix}.mp4", "g-1795435507500.mp4", "g", "12:05:07.500"),
    ],
)
def test_names_of_recorders_are_read(template: str, path: str, camera: str, at: str) -> None:
    named = Template(template).read(Path("/mnt", path), clock_of("utc"))
    assert named.camera == camera
    assert named.recorded_at == datetime.fromisoformat(f"2026-11-23T{at}+00:00")


@pytest.mark.parametrize(
    ("template", "path", "says"),
    [
        (GATE, "gate.mp4", "'gate.mp4' is not as '{camera}_{date}_{time}.mp4' says"),
        (GATE, "gate_20261323_140507.mp4", "is not as"),  # no thirteenth month
        (GATE, "gate_120261123_140507.mp4", "is not as"),  # digits of a longer number
        (GATE, "gate_20260230_140507.mp4", "no time that ever was"),
        (GATE, "gate_20260329_033000.mp4", "skipped that night; say --clock +02:00"),
        (GATE, AUTUMN, "--repeated-hour first or second"),
        ("*{date}*{time}*", "f_20261123_123456_140507.mp4", "can be read as 123456 and as 140507"),
        ("{camera}_{date}{time}*", "ch01_20261123120507_20261123130507.mp4", "with {digits} for digits"),
        ("{camera}/{date}/{hour}.{minute}.{second} {ampm}", "g/20261123/13.00.00 PM", "no time that ever was"),
        ("{camera}/{date}_{time}", "/gate/../20261123_140507", "write its path without"),
        ("a/b/c/d/{camera}_{date}_{time}", "/g_20261123_140507", "does not lie as deep"),
    ],
)
def test_what_a_name_does_not_say_is_refused(template: str, path: str, says: str) -> None:
    with pytest.raises((Refused, DomainError)) as refused:
        Template(template).read(Path(path) if path.startswith("/") else Path("/mnt", path), clock_of("kyiv"))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("clock", "repeated", "hour"),
    [("kyiv", "first", 0), ("kyiv", "second", 1), ("utc", None, 3), ("+02:00", None, 1), ("-0130", None, 5)],
)
def test_an_hour_that_was_twice_is_read_as_it_is_said(clock: str, repeated: str | None, hour: int) -> None:
    for read in (Template(GATE).read(Path("/mnt", AUTUMN), clock_of(clock, repeated)).recorded_at,
                 time_anywhere(AUTUMN, clock_of(clock, repeated))):  # fmt: skip
        assert read.replace(minute=0) == datetime(2026, 10, 25, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("behind", "read"),
    [
        ("", "14:05:07+02:00"),
        ("Z", "14:05:07+00:00"),
        (".123z", "14:05:07+00:00"),
        (" UTC", "14:05:07+00:00"),
        ("+0300", "14:05:07+03:00"),
        ("_20261123-140507", "14:05:07+02:00"),
        ("-14.35.00", "14:05:07+02:00"),
        ("-001000_CH2", "14:05:07+02:00"),
        ("_amber zone", "14:05:07+02:00"),
        ("_exit", "14:05:07+02:00"),
        ("_west", "14:05:07+02:00"),
    ],
)
def test_a_zone_that_a_name_says_behind_its_time_is_heeded(behind: str, read: str) -> None:
    name = f"gate_2026-11-23T14-05-07{behind}.mp4"
    assert time_anywhere(name, clock_of("kyiv")) == datetime.fromisoformat(f"2026-11-23T{read}")


@pytest.mark.parametrize(
    ("behind", "says"),
    [
        (" PM", "' PM', which can be read in two ways; say by --names"),
        (".PM", "'.PM', which"),
        ("(PM)", "'(PM', which"),
        ("MSK", "'MSK', which"),
        ("_CET", "'_CET', which"),
        ("дня", "'дня', which"),
        ("_utc+2", "'_utc+2', which can be read in two ways; say by --names"),
        ("_UTC-05:00", "'_UTC-05:00', which can be read in two ways; say by --names"),
        ("_a.m.", "'_a.m.', which"),
        ("-0500", "'-0500', which"),
        ("_20261123143507", "more than one time"),
    ],
)
def test_what_a_name_says_in_two_ways_is_refused(behind: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        time_anywhere(f"gate_2026-11-23T02-05-07{behind}.mp4", clock_of("kyiv"))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{camera}_{when}.mp4", "{when} means nothing"),
        ("{camera}_{date}.mp4", "no whole time"),
        ("{camera}_{date}_{hour}.mp4", "no whole time"),
        ("{date}/{camera}_{date}_{time}.mp4", "{date} stands in it twice"),
        ("{camera_{date}_{time}", "stands alone"),
        ("{date}/{unix}.mp4", "{unix} and {date} say the same"),
        ("{year}/{month}/{camera}_{date}_{time}.mp4", "{date} and {year} say the same"),
        ("{date}/{hour}/{camera}_{time}.mp4", "{time} and {hour} say the same"),
    ],
)
def test_a_template_that_no_name_can_answer(template: str, says: str) -> None:
    with pytest.raises(BadTemplate) as fault:
        Template(template)
    assert says in str(fault.value)


@pytest.mark.parametrize("clock", ["Kiev", "+25:00", "+02:75", "2"])
def test_a_clock_that_is_none(clock: str) -> None:
    with pytest.raises(BadTemplate, match="is no clock"):
        clock_of(clock)


def test_a_name_of_many_stars_is_read_at_once() -> None:
    template = Template("*" * 1 + "a*" * 12 + "{camera}_{date}_{time}")
    with pytest.raises(Refused):
        template.read(Path("/mnt", "a" * 200 + "_20261123_14050"), clock_of("utc"))

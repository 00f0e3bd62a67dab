"""A few kills of a process manager, and that the campaign notices what it is there to notice."""

from __future__ import annotations

from pathlib import Path

from tests.torture import kill_processes, kill_webhooks
from tests.torture.reacting import NEW_IDS, POSITION_FIRST


def test_kills_neither_lose_nor_repeat_a_reaction(tmp_path: Path) -> None:
    tally = kill_processes.run(cycles=8, seed=7, scratch=tmp_path)
    assert tally.is_clean, tally
    assert tally.deaths == {"appending": 2, "saving": 2, "saved": 2, "outside": 2}


def test_a_position_that_is_saved_first_loses(tmp_path: Path) -> None:
    assert kill_processes.run(cycles=4, seed=7, scratch=tmp_path, way=POSITION_FIRST).lost > 0


def test_a_command_id_that_does_not_follow_from_the_event_repeats(tmp_path: Path) -> None:
    assert kill_processes.run(cycles=4, seed=7, scratch=tmp_path, way=NEW_IDS).twice > 0


def test_kills_of_a_server_that_tells_lose_no_message(tmp_path: Path) -> None:
    tally = kill_webhooks.run(kills=1, seed=7, scratch=tmp_path)
    assert tally.is_clean, tally
    assert tally.kills == 1


def test_a_message_that_is_lost_late_or_made_up_is_noticed() -> None:
    wanted = {("a", 1), ("a", 2), ("b", 1)}
    for said, came, faults in (
        (wanted, [("a", 1), ("b", 1), ("a", 1), ("a", 2)], (0, 0, 0)),
        (wanted, [("a", 1), ("a", 2)], (1, 0, 1)),
        (wanted, [("a", 2), ("a", 1), ("b", 1)], (0, 1, 0)),
        ({("a", 1)}, [("a", 2), ("b", 1)], (1, 1, 1)),
    ):
        tally = kill_webhooks.Tally()
        kill_webhooks.compare(wanted, said, came, tally)
        assert (tally.lost, tally.out_of_order, tally.on_record_only) == faults
        assert tally.is_clean == (faults == (0, 0, 0))

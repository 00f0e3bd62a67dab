"""Searches on record: run, refused, their hits reviewed and attached to incidents."""

from __future__ import annotations

from typing import Any

import pytest

from domain import incident
from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.event import Event
from domain.footage_search import (
    DECIDER,
    FootageSearch,
    HitAttached,
    HitReviewed,
    RefuseSearch,
    ReviewHit,
    SearchRefused,
    SearchRun,
)
from domain.hit_attachment import AttachHit, decide_attach
from domain.incident import FootageLinked, Incident, IncidentVoided
from domain.personal import SearchQuery
from domain.sealed import Sealed
from domain.search_draw import CAMERAS_MAX
from domain.search_query import LIMIT_MAX, MINUS_TERMS_MAX, QUERY_CHARACTERS_MAX, check_query
from domain.search_refusals import HitNotRelevant, QuotaSpent
from tests.domain.examples import (
    AUTHORISATION,
    GATE,
    INCIDENT,
    IRYNA,
    NOW,
    OLENA,
    RECORD,
    RUN,
    SEARCH,
    SHA256,
    UNIT,
    YARD,
    changed,
    hours,
    moment,
    reason,
    uuid,
)
from tests.given import folded, given

RAN = DECIDER.decide(None, RUN)[0]
REFUSE = RefuseSearch(
    search=SEARCH,
    authorisation=AUTHORISATION,
    searcher=OLENA,
    searcher_unit=UNIT,
    code=QuotaSpent.code,
    cameras=(GATE,),
    from_at=NOW - hours(6),
    to_at=NOW - hours(4),
    query=RUN.query,
    kind="text",
)
NOT_RUN = DECIDER.decide(None, REFUSE)[0]
REVIEW = ReviewHit(search=SEARCH, rank=2, verdict="relevant", by=IRYNA, note=reason("Той самий рюкзак"))
RELEVANT = HitReviewed(rank=2, verdict="relevant", by=IRYNA)
ATTACH = AttachHit(search=SEARCH, rank=2, incident=INCIDENT, by=OLENA)


def query(**changes: Any) -> Sealed[SearchQuery]:
    return Sealed(SEARCH, changed(SearchQuery(text="біла машина"), **changes))


def test_run_with_all_that_was_asked_and_found() -> None:
    given(DECIDER).when(RUN).then(
        SearchRun(
            authorisation=AUTHORISATION,
            searcher=OLENA,
            searcher_unit=UNIT,
            cameras=(GATE,),
            from_at=NOW - hours(6),
            to_at=NOW - hours(4),
            query=RUN.query,
            kind="text",
            unknown_words_count=0,
            generation="g1",
            limit=5,
            moments=(moment(1), moment(2)),
            coverage=RUN.coverage,
        )
    )


def test_as_many_found_as_were_asked_for() -> None:
    assert given(DECIDER).when(changed(RUN, limit=2)).error is None


def test_a_moment_may_be_a_single_frame_at_the_first_instant() -> None:
    frame = moment(1, from_at=RUN.from_at, best_at=RUN.from_at, to_at=RUN.from_at)
    assert given(DECIDER).when(changed(RUN, moments=(frame,))).error is None


def test_the_last_verdict_on_each_hit_counts() -> None:
    reviews = [changed(RELEVANT, rank=rank, verdict=verdict) for rank, verdict in [(1, "unsure"), (2, "relevant")]]
    assert search_after().verdicts == ("", "")
    assert search_after(*reviews).verdicts == ("unsure", "relevant")
    assert search_after(*reviews, changed(RELEVANT, rank=1)).verdicts == ("relevant", "relevant")


def test_the_first_hit_is_reviewed_like_any_other() -> None:
    given(DECIDER, RAN).when(changed(REVIEW, rank=1, note=None)).then(changed(RELEVANT, rank=1))


def test_nothing_found_is_a_search_too() -> None:
    assert given(DECIDER).when(changed(RUN, moments=())).error is None


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"query": query(text="")}, "text", "empty"),
        ({"query": query(text="я" * 10_000)}, "text", "10000 characters"),
        ({"query": query(text="a\nb")}, "text", "one line"),
        ({"query": query(minus=("",))}, "minus", "empty"),
        ({"query": query(minus=("авто",) * (MINUS_TERMS_MAX + 1))}, "minus", "at most 10"),
        ({"query": query(minus=("я" * 501,))}, "minus", "501"),
        ({"query": query(image_sha256=SHA256)}, "image_sha256", "by words"),
        ({"query": query(box=(0, 0, 1, 1))}, "image_sha256", "by words"),
        ({"query": query(image_sha256=SHA256), "kind": "image"}, "text", "by picture"),
        ({"query": query(text="", image_sha256="x"), "kind": "image"}, "image_sha256", "64"),
        ({"query": query(text="", image_sha256=SHA256, box=(0, 0, 0, 5)), "kind": "image"}, "box", "no box"),
        ({"query": query(text="", image_sha256=SHA256, box=(-1, 0, 5, 5)), "kind": "image"}, "box", "no box"),
        ({"query": query(text="", image_sha256=SHA256, box=(0, 0, 5, 10**6)), "kind": "image"}, "box", "no box"),
        ({"kind": "face"}, "kind", "text, image"),
        ({"limit": 0}, "limit", "from 1"),
        ({"limit": LIMIT_MAX + 1}, "limit", "200"),
        ({"cameras": (), "moments": ()}, "cameras", "0 entries"),
        ({"to_at": NOW - hours(6)}, "to_at", "later"),
        ({"from_at": NOW.replace(tzinfo=None)}, "from_at", "no time zone"),
        ({"unknown_words_count": -1}, "unknown_words_count", "is -1"),
        ({"generation": ""}, "generation", "empty"),
        ({"limit": 1}, "moments", "at most 1"),
        ({"moments": (moment(2),)}, "moments", "rank 2"),
        ({"moments": (moment(1), moment(1))}, "moments", "rank 1"),
        ({"moments": (moment(1, camera=YARD),)}, "moments", "outside the scope"),
        ({"moments": (moment(1, best_at=NOW - hours(4)),)}, "moments", "outside the scope"),
        ({"moments": (moment(1, from_at=moment(1).best_at + hours(0.001)),)}, "moments", "outside itself"),
        ({"moments": (moment(1, to_at=moment(1).best_at - hours(0.001)),)}, "moments", "outside itself"),
        ({"moments": (moment(1, from_at=NOW - hours(6.001)),)}, "moments", "beyond the scope"),
        ({"moments": (moment(1, to_at=NOW - hours(3.999)),)}, "moments", "beyond the scope"),
        ({"moments": (moment(1, box=(0, 0, 0, 0)),)}, "moments", "no box"),
    ],
)
def test_what_is_never_recorded_as_run(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(RUN, **changes)).then_refused(Invalid, field=field, says=says)


def test_the_longest_query_and_a_picture() -> None:
    check_query(SearchQuery(text="я" * QUERY_CHARACTERS_MAX, minus=("авто",) * MINUS_TERMS_MAX), "text")
    check_query(SearchQuery(image_sha256=SHA256, box=(0, 0, 1, 1)), "image")
    check_query(SearchQuery(image_sha256=SHA256, minus=("авто",)), "image")


def test_a_refused_search_is_on_record() -> None:
    given(DECIDER).when(REFUSE).then(
        SearchRefused(
            authorisation=AUTHORISATION,
            searcher=OLENA,
            searcher_unit=UNIT,
            code="quota-spent",
            cameras=(GATE,),
            from_at=NOW - hours(6),
            to_at=NOW - hours(4),
            query=RUN.query,
            kind="text",
        )
    )


def test_a_refusal_is_recorded_whatever_cameras_and_years_were_asked_for() -> None:
    century = NOW.replace(year=1920)
    many = tuple(map(uuid, range(CAMERAS_MAX + 3)))
    command = changed(REFUSE, cameras=(*many, many[0]), from_at=century - hours(1), to_at=century)
    (event,) = given(DECIDER).when(command).events
    assert isinstance(event, SearchRefused)
    assert (event.cameras, event.cameras_left_out) == (many[:CAMERAS_MAX], 3)
    assert (event.from_at, event.to_at) == (century - hours(1), century)


def test_also_without_authorisation_and_cameras() -> None:
    assert given(DECIDER).when(changed(REFUSE, authorisation=None, cameras=())).error is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"code": ""}, "code"), ({"query": query(text="")}, "text"), ({"to_at": NOW - hours(6)}, "to_at")],
)
def test_what_is_not_recorded_as_refused(changes: dict[str, Any], field: str) -> None:
    given(DECIDER).when(changed(REFUSE, **changes)).then_refused(Invalid, field=field)


@pytest.mark.parametrize("command", [RUN, REFUSE], ids=["run", "refuse"])
@pytest.mark.parametrize("first", [RAN, NOT_RUN], ids=["ran", "refused"])
def test_an_id_is_used_once(first: Event, command: Any) -> None:
    given(DECIDER, first).when(command).then_refused(AlreadyExists, says=str(SEARCH))


def test_reviewed_and_reviewed_again() -> None:
    given(DECIDER, RAN).when(REVIEW).then(
        HitReviewed(rank=2, verdict="relevant", by=IRYNA, note=reason("Той самий рюкзак"))
    )
    given(DECIDER, RAN, RELEVANT).when(changed(REVIEW, verdict="not-relevant", note=None)).then(
        HitReviewed(rank=2, verdict="not-relevant", by=IRYNA)
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"verdict": "guilty"}, "verdict"), ({"note": reason("")}, "note"), ({"note": reason("x" * 2_001)}, "note")],
)
def test_how_it_cannot_be_reviewed(changes: dict[str, Any], field: str) -> None:
    given(DECIDER, RAN).when(changed(REVIEW, **changes)).then_refused(Invalid, field=field)


@pytest.mark.parametrize("rank", [0, 3, -1])
def test_only_what_was_found_is_reviewed(rank: int) -> None:
    given(DECIDER, RAN).when(changed(REVIEW, rank=rank)).then_refused(NotFound, says="hit")


def test_a_refused_search_has_no_hits() -> None:
    given(DECIDER, NOT_RUN).when(REVIEW).then_refused(WrongState, says="no hits")


def test_an_unknown_search_is_not_found() -> None:
    given(DECIDER).when(REVIEW).then_refused(NotFound, says=str(SEARCH))


# Attaching


def search_after(*events: Event) -> FootageSearch:
    state = folded(DECIDER, [RAN, *events])
    assert isinstance(state, FootageSearch)
    return state


def incident_after(*events: Event) -> Incident:
    state = folded(incident.DECIDER, [*incident.DECIDER.decide(None, RECORD), *events])
    assert isinstance(state, Incident)
    return state


LINKED = FootageLinked(
    footage_sha256=SHA256, camera=GATE, from_at=moment(2).from_at, to_at=moment(2).to_at, search=SEARCH, rank=2
)
ATTACHED = HitAttached(rank=2, incident=INCIDENT, by=OLENA)


def test_attached_in_both_streams() -> None:
    assert decide_attach(search_after(RELEVANT), incident_after(), ATTACH) == ((ATTACHED,), (LINKED,))


def test_attached_again_changes_nothing() -> None:
    assert decide_attach(search_after(RELEVANT, ATTACHED), incident_after(LINKED), ATTACH) == ((), ())


def test_attached_to_another_incident_too() -> None:
    other = changed(ATTACH, incident=uuid(4))
    assert decide_attach(search_after(RELEVANT, ATTACHED), incident_after(), other)[1] == (LINKED,)


def test_a_stretch_linked_by_hand_is_not_linked_twice() -> None:
    by_hand = changed(LINKED, search=None, rank=None)
    assert decide_attach(search_after(RELEVANT), incident_after(by_hand), ATTACH) == ((ATTACHED,), ())


@pytest.mark.parametrize(
    "reviews",
    [
        (),
        (changed(RELEVANT, rank=1),),
        (changed(RELEVANT, verdict="unsure"),),
        (changed(RELEVANT, verdict="not-relevant"),),
        (RELEVANT, changed(RELEVANT, verdict="not-relevant")),
    ],
    ids=["not reviewed", "another was", "unsure", "not relevant", "no longer"],
)
def test_a_hit_is_a_lead_until_a_person_found_it_relevant(reviews: tuple[Event, ...]) -> None:
    with pytest.raises(HitNotRelevant, match="review it first"):
        decide_attach(search_after(*reviews), incident_after(), ATTACH)


def test_a_voided_incident_takes_no_hit() -> None:
    with pytest.raises(WrongState, match="voided"):
        decide_attach(search_after(RELEVANT), incident_after(IncidentVoided(reason=reason())), ATTACH)


def test_what_is_unknown_is_not_found() -> None:
    with pytest.raises(NotFound, match="search"):
        decide_attach(None, incident_after(), ATTACH)
    with pytest.raises(NotFound, match="incident"):
        decide_attach(search_after(RELEVANT), None, ATTACH)
    with pytest.raises(NotFound, match="hit"):
        decide_attach(search_after(RELEVANT), incident_after(), changed(ATTACH, rank=9))

"""Units, accounts, roles, policies, officers, sign-ins and disclosures, counted from the raw events."""

from __future__ import annotations

from collections.abc import Iterator

from app.demo.year.recount.history import Expected, History, fact, last, when

COURSES = {"juvenile-prevention": "juvenile-prevention", "community-police": "community-policing"}  # by service


def organisation(history: History) -> Iterator[Expected]:
    units = [(e.stream, e["name"], e["region"], e["kind"], e.at, 1) for e in history.of_topic("unit.created")]
    yield Expected("organisation", "units", ("unit", "name", "region", "kind", "created_at", "version"), units)
    accounts = []
    for account, life in history.lives("account").items():
        created, suspended = life[0], last(life, "account.suspended")
        password = last(life, "account.created", "account.password-changed", "account.password-reset")
        assert password is not None
        chosen = password.topic == "account.password-changed" or (password is created and not created["initial"])
        state = "active" if suspended is None else "suspended"
        facts = (created["username"], created["unit"], state, "chosen" if chosen else "initial", password.at)
        accounts.append((account, *facts, when(suspended), len(life)))
    columns: tuple[str, ...] = (
        "account",
        "username",
        "unit",
        "state",
        "password",
        "password_set_at",
        "suspended_at",
        "version",
    )
    yield Expected("organisation", "accounts", columns, accounts)
    grants = []
    for grant, life in history.lives("role").items():
        given, withdrawn = last(life, "role.given"), last(life, "role.withdrawn")
        assert given is not None
        ended = withdrawn if withdrawn is not None and withdrawn.version > given.version else None
        grants.append((grant, given["account"], given["role"], given["unit"], given.actor, when(ended), len(life)))
    columns = ("grant_id", "account", "role", "unit", "given_by", "withdrawn_at", "version")
    yield Expected("organisation", "role_grants", columns, grants)
    adopted = [(e.position, e["sha256"], e["name"], e.version) for e in history.of_kind("policy")]
    yield Expected("organisation", "policies", ("position", "sha256", "name", "version"), adopted)


def officers(history: History) -> Iterator[Expected]:
    rows = []
    for officer, life in history.lives("officer").items():
        certified, lapsed = last(life, "officer.certified"), last(life, "officer.certification-lapsed")
        stands = certified is not None and (lapsed is None or lapsed.version < certified.version)
        since = 0 if lapsed is None else lapsed.version
        courses = {e["course"] for e in life if e.topic == "officer.training-completed" and e.version > since}
        trained = COURSES[life[0]["service"]] in courses
        state = "certified" if stands else "trained" if trained else "lapsed" if lapsed else "candidate"
        over = None if stands else lapsed
        facts = (life[0]["account"], life[0]["unit"], state, fact(certified, "until"), fact(over, "cause"))
        rows.append((officer, *facts, fact(over, "at"), len(life)))
    columns: tuple[str, ...] = (
        "officer",
        "account",
        "unit",
        "state",
        "certified_until",
        "lapse_cause",
        "lapsed_at",
        "version",
    )
    yield Expected("officers", "officers", columns, rows)
    trainings = [
        (e.stream, e.version, e["course"], e["completed_at"], e["by"], e.at)
        for e in history.of_topic("officer.training-completed")
    ]
    columns = ("officer", "version", "course", "completed_at", "by", "recorded_at")
    yield Expected("officers", "trainings", columns, trainings)


def sign_ins(history: History) -> Iterator[Expected]:
    rows = [
        (e.position, e.at, e["account"], e.facts.get("initial", False), e.facts.get("code"))
        for e in history.of_kind("session")
    ]
    yield Expected("sign-ins", "sign_ins", ("position", "at", "account", "initial", "refused_code"), rows)


def disclosures(history: History) -> Iterator[Expected]:
    rows = [
        (e.position, e.at, e.actor, e.role, e.purpose, e["thing"], e["operation"], e["subject"])
        for e in history.of_topic("disclosure.made")
    ]
    columns: tuple[str, ...] = ("position", "at", "actor", "role", "purpose", "thing", "operation", "subject")
    yield Expected("disclosures", "disclosures", columns, rows)

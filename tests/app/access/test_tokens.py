"""Tokens: ours, of this hour, for this use, and for this machine only."""

from __future__ import annotations

import json
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey

from app.access.tokens import (
    ALGORITHM,
    AUDIENCE,
    ISSUER,
    TYPE,
    Bearer,
    InvalidToken,
    KeyFault,
    LoopbackIssuer,
    NotLoopback,
    TokenVerifier,
    require_loopback,
    stored_key,
)

ACCOUNT = UUID("0190a7c2-5b1e-4c3d-8f6a-2d4e6f8a0b1c")
CREDENTIAL = UUID("0190a7c2-5b1e-4c3d-8f6a-2d4e6f8a0b1d")
BEARER = Bearer(ACCOUNT, CREDENTIAL)
KEY = OKPKey.generate_key("Ed25519")


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(clock: Clock) -> LoopbackIssuer:
    return LoopbackIssuer("127.0.0.1", key=KEY, now=clock)


def claims_at(clock: Clock, **changed: object) -> dict[str, Any]:
    now = int(clock.at.timestamp())
    whole: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(ACCOUNT),
        "credential": str(CREDENTIAL),
        "iat": now,
        "exp": now + 900,
        "jti": str(uuid4()),
    }
    return {name: value for name, value in {**whole, **changed}.items() if value is not None}


def signed(claims: dict[str, Any], key: OKPKey = KEY, **header: object) -> str:
    registry = jwt.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)
    return jwt.encode({"alg": ALGORITHM, "typ": TYPE, **header}, claims, key, registry=registry)


def test_a_token_names_its_account_and_nothing_of_what_it_may_do(issuer: LoopbackIssuer, clock: Clock) -> None:
    verifier: TokenVerifier = issuer
    issued = issuer.issue(ACCOUNT, CREDENTIAL)
    assert verifier.verify(issued.token) == BEARER
    assert issued.expires_at == clock.at + timedelta(minutes=15)
    payload = json.loads(urlsafe_b64decode(issued.token.split(".")[1] + "=="))
    assert payload.keys() == {"iss", "aud", "sub", "credential", "iat", "exp", "jti"}
    assert issuer.issue(ACCOUNT, CREDENTIAL).token != issued.token


def test_the_tests_own_tokens_are_good_unless_they_are_spoilt(issuer: LoopbackIssuer, clock: Clock) -> None:
    assert issuer.verify(signed(claims_at(clock))) == BEARER


def test_a_token_ends_after_a_quarter_of_an_hour(issuer: LoopbackIssuer, clock: Clock) -> None:
    token = issuer.issue(ACCOUNT, CREDENTIAL).token
    clock.at += timedelta(seconds=899)
    assert issuer.verify(token) == BEARER
    clock.at += timedelta(seconds=1)
    with pytest.raises(InvalidToken, match="expired"):
        issuer.verify(token)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://accounts.example"},
        {"iss": None},
        {"aud": "another-service"},
        {"aud": None},
        {"aud": [AUDIENCE, "another-service"]},
        {"sub": None},
        {"sub": "admin"},
        {"sub": 7},
        {"credential": None},
        {"credential": "the present one"},
        {"credential": 7},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("nan")},
        {"exp": 10**12},
        {"iat": None},
        {"iat": 10**12},
        {"jti": None},
        {"jti": "7"},
        {"jti": ""},
        {"nbf": 10**12},
        {"roles": ["administrator"]},
        {"sub": {"account": str(ACCOUNT)}},
    ],
    ids=str,
)
def test_claims_that_are_not_ours(issuer: LoopbackIssuer, clock: Clock, changed: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        issuer.verify(signed(claims_at(clock, **changed)))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "id_token"},
        {"jku": "http://127.0.0.1:1/keys"},
        {"jwk": OKPKey.generate_key("Ed25519").as_dict(private=False)},
        {"kid": "../../other.key"},
        {"x5u": "http://127.0.0.1:1/certificate"},
        {"crit": ["exp"]},
        {"b64": False},
    ],
    ids=lambda header: str(header)[:24],
)
def test_headers_that_are_not_ours_even_well_signed(
    issuer: LoopbackIssuer, clock: Clock, header: dict[str, Any]
) -> None:
    whole = {"alg": ALGORITHM, "typ": TYPE, **header}
    body = f"{encoded(whole)}.{encoded(claims_at(clock))}"
    signature = urlsafe_b64encode(KEY.private_key.sign(body.encode())).rstrip(b"=").decode()
    with pytest.raises(InvalidToken):
        issuer.verify(f"{body}.{signature}")


def test_another_key_is_refused_even_where_the_token_brings_it_along(issuer: LoopbackIssuer, clock: Clock) -> None:
    thief = OKPKey.generate_key("Ed25519")
    with pytest.raises(InvalidToken):
        issuer.verify(signed(claims_at(clock), thief))
    with pytest.raises(InvalidToken):
        issuer.verify(signed(claims_at(clock), thief, jwk=thief.as_dict(private=False)))
    with pytest.raises(InvalidToken):
        LoopbackIssuer("127.0.0.1", now=clock).verify(issuer.issue(ACCOUNT, CREDENTIAL).token)  # another run's key


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_no_other_algorithm(issuer: LoopbackIssuer, clock: Clock) -> None:
    claims = claims_at(clock)
    for algorithm in ("none", "None", "NONE", ""):
        for signature in ("", encoded("signature")):
            with pytest.raises(InvalidToken):
                issuer.verify(f"{encoded({'alg': algorithm, 'typ': TYPE})}.{encoded(claims)}.{signature}")
    public = KEY.as_pem(private=False)
    confused = jwt.encode(
        {"alg": "HS256", "typ": TYPE}, claims, OctKey.import_key(public.hex().encode()), algorithms=["HS256"]
    )
    elliptic = jwt.encode({"alg": "ES256", "typ": TYPE}, claims, ECKey.generate_key("P-256"), algorithms=["ES256"])
    for token in (confused, elliptic, "." + signed(claims).partition(".")[2]):
        with pytest.raises(InvalidToken):
            issuer.verify(token)


def test_any_changed_character_is_noticed(issuer: LoopbackIssuer) -> None:
    token = issuer.issue(ACCOUNT, CREDENTIAL).token
    for place in range(0, len(token) - 1, 7):  # the last character holds two bits that say nothing
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(InvalidToken):
            issuer.verify(token[:place] + other + token[place + 1 :])


@given(st.text() | st.text(alphabet="aA0._-=") | st.binary().map(lambda raw: urlsafe_b64encode(raw).decode() + ".."))
def test_rubbish_is_refused_and_nothing_worse(text: str) -> None:
    with pytest.raises(InvalidToken):
        LoopbackIssuer("127.0.0.1", key=KEY).verify(text)


def test_a_token_of_great_length_is_not_read(issuer: LoopbackIssuer) -> None:
    with pytest.raises(InvalidToken, match="too long"):
        issuer.verify(issuer.issue(ACCOUNT, CREDENTIAL).token + "A" * 5000)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost"])
def test_this_machine(host: str) -> None:
    require_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "", "192.168.1.10", "10.0.0.1", "8.8.8.8", "fe80::1", "::ffff:8.8.8.8", "127.0.0.1.example.com",
     "localhost.example.com", "oberih.example", "127.1", "[::1]"],
)  # fmt: skip
def test_any_other_address_is_refused(host: str) -> None:
    with pytest.raises(NotLoopback, match=r"127\.0\.0\.1, or set up OpenID Connect"):
        LoopbackIssuer(host)


def test_a_stored_key_outlives_a_restart(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "signing.key"
    token = LoopbackIssuer("::1", key=stored_key(path), now=clock).issue(ACCOUNT, CREDENTIAL).token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert LoopbackIssuer("::1", key=stored_key(path), now=clock).verify(token) == BEARER


def test_a_stored_key_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    stored_key(path)
    path.chmod(0o640)
    with pytest.raises(KeyFault, match=r"0640.*chmod 600"):
        stored_key(path)
    path.chmod(0o600)
    for content in (
        b"",
        b"no key",
        OKPKey.generate_key("Ed448").as_pem(private=True),
        OKPKey.generate_key("Ed25519").as_pem(private=False),
        ECKey.generate_key("P-256").as_pem(private=True),
    ):
        path.write_bytes(content)
        with pytest.raises(KeyFault, match="log in again"):
            stored_key(path)

"""What is taken from a provider's claims, and what is not."""

from typing import Any

import pytest

from auth.providers.configuration import Business, Claims, Names, Provider
from auth.providers.people import person
from auth.providers.refusals import SignInRefused
from models.raters import RaterKind


def provider(**changes: Any) -> Provider:
    given: dict[str, Any] = {
        "code": "one",
        "names": Names(en="One"),
        "issuer": "https://one.test",
        "client_id": "portal",
        "client_authentication": "none",
        "scopes": ["openid"],
    }
    return Provider(**(given | changes))


@pytest.mark.parametrize(
    ("subject", "kept"), [("a", "a"), (0, "0"), (10**18, "1" + "0" * 18), ("A b", "A b"), ("я", "я")]
)
def test_a_subject_is_a_text_or_a_number(subject: Any, kept: str) -> None:
    assert person(provider(), {"sub": subject}).subject == kept


@pytest.mark.parametrize("subject", [None, "", True, 1.5, [], {}, "a\0", "a\n", "a" * 256])
def test_without_a_subject_nobody_came(subject: Any) -> None:
    with pytest.raises(SignInRefused, match="no subject"):
        person(provider(), {"sub": subject})


@pytest.mark.parametrize("verified", [True, "true"])
def test_a_verified_address_is_kept(verified: Any) -> None:
    assert person(provider(), {"sub": "a", "email": " A@b.test ", "email_verified": verified}).email == "A@b.test"


@pytest.mark.parametrize("verified", [None, False, "false", 1, "yes", {}, []])
def test_no_other_address_is(verified: Any) -> None:
    assert person(provider(), {"sub": "a", "email": "a@b.test", "email_verified": verified}).email is None


@pytest.mark.parametrize(
    "email", [None, "", "a", "@b.test", "a@", "a b@c.test", "a@b.test\n\0", ["a@b.test"], f"{'a' * 250}@b.test"]
)
def test_what_is_no_address_is_none(email: Any) -> None:
    assert person(provider(), {"sub": "a", "email": email, "email_verified": True}).email is None


def test_a_providers_word_may_cover_all_its_addresses_or_none() -> None:
    claims = {"sub": "a", "email": "a@b.test", "email_verified": False}
    assert person(provider(claims=Claims(email_verified=True)), claims).email == "a@b.test"
    claims["email_verified"] = True
    assert person(provider(claims=Claims(email_verified=False)), claims).email is None


@pytest.mark.parametrize(
    ("claim", "kind"),
    [("LEGAL", RaterKind.BUSINESS), ("legal", RaterKind.PERSON), (None, RaterKind.PERSON), (True, RaterKind.BUSINESS)],
)
def test_a_claim_tells_who_speaks_for_a_business(claim: Any, kind: RaterKind) -> None:
    business = Business(claim="who.is", values=["LEGAL", "true"])
    assert person(provider(business=business), {"sub": "a", "who": {"is": claim}}).kind is kind
    assert person(provider(), {"sub": "a", "who": {"is": claim}}).kind is None


def test_a_business_may_have_a_subject_of_its_own() -> None:
    business = Business(claim="is", values=["LEGAL"], subject="company.id")
    claims = {"sub": "a", "is": "LEGAL", "company": {"id": 7}}
    assert person(provider(business=business), claims).subject == "7"
    assert person(provider(business=business), claims | {"is": "NATURAL"}).subject == "a"
    with pytest.raises(SignInRefused, match="no subject"):
        person(provider(business=business), claims | {"company": "a"})

"""Why a sign-in through a provider ends without one. Nothing has changed then."""

import enum


class SignInError(enum.Enum):
    """What `error` is in the address that a person is sent back to; docs/sign-in.md tells each."""

    PROVIDER_UNKNOWN = "PROVIDER_UNKNOWN"
    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"
    PROVIDER_REFUSED = "PROVIDER_REFUSED"
    ANSWER_INVALID = "ANSWER_INVALID"
    FLOW_UNKNOWN = "FLOW_UNKNOWN"
    REDIRECT_NOT_ALLOWED = "REDIRECT_NOT_ALLOWED"
    REQUEST_INVALID = "REQUEST_INVALID"
    CANCELLED = "CANCELLED"
    EMAIL_NOT_VERIFIED = "EMAIL_NOT_VERIFIED"
    EMAIL_IN_USE = "EMAIL_IN_USE"
    IDENTITY_IN_USE = "IDENTITY_IN_USE"
    OTHER_KIND = "OTHER_KIND"
    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    STARTED_ELSEWHERE = "STARTED_ELSEWHERE"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    UNAVAILABLE = "UNAVAILABLE"
    FAULT = "FAULT"


class SignInRefused(Exception):
    """A sign-in that ends here. `reason` is for the log: it names nobody and holds no secret."""

    def __init__(self, error: SignInError, reason: str) -> None:
        super().__init__(f"{error.value}: {reason}")
        self.error = error
        self.reason = reason

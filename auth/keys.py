"""Signing keys: several, in one file that all servers share and that only they may read.

A key is first NEXT (published, so that everybody knows it before it signs), then CURRENT (it signs), then RETIRED (what
it signed stays good until it expires). `portal keys rotate` moves each one on by one state; servers notice by
themselves. The same folder keeps the secret that other systems' references are hashed with (`auth/references.py`).
"""

import enum
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from auth import secret_files
from models.errors import InputError

FILE_NAME = "signing-keys.json"
# Where the only key was before there were several; it is taken over as the current one.
EARLIER_NAME = "signing-key.json"

# The longest life of a token, in seconds: thirty days. A key that was retired longer ago has nothing left to verify.
LONGEST = 30 * 24 * 3600

# A server looks at the file again after so many seconds.
LOOK_SECONDS = 1.0


class KeyState(enum.Enum):
    """What a key is for."""

    NEXT = "NEXT"
    CURRENT = "CURRENT"
    RETIRED = "RETIRED"


@dataclass(frozen=True)
class SigningKey:
    """A key, and since when (seconds since 1970) it has been in its state."""

    key: ECKey
    state: KeyState
    since: int

    @property
    def kid(self) -> str:
        """Its id: the thumbprint of its public half."""
        return str(self.key.kid)

    @property
    def published(self) -> dict[str, Any]:
        """What everybody may know of it, as a JSON Web Key."""
        return {**self.key.as_dict(private=False), "use": "sig", "alg": "ES256"}


Keys = tuple[SigningKey, ...]


class Keyring:
    """The keys in a folder, made there if there are none yet; read again when their file has changed."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._stamp: tuple[int, int] | None = None
        self._looked = 0.0
        self._keys: Keys = ()
        self._look()

    @property
    def current(self) -> ECKey:
        """The key that signs."""
        return next(each.key for each in self.keys if each.state is KeyState.CURRENT)

    @property
    def keys(self) -> Keys:
        """All of them, the one that comes next first. Equal as long as nothing has changed."""
        if self._clock() - self._looked >= LOOK_SECONDS:
            self._look()
        return self._keys

    @property
    def published(self) -> dict[str, Any]:
        """The JSON Web Key Set (RFC 7517) by which others verify."""
        return {"keys": [each.published for each in self.keys]}

    def with_id(self, kid: Any) -> ECKey | None:
        """The key that a token names, if it is one of ours; for one that is not known the file is looked at."""
        found = next((each.key for each in self.keys if each.kid == kid), None)
        if found is None:
            self._look()
            found = next((each.key for each in self._keys if each.kid == kid), None)
        return found

    def rotate(self) -> SigningKey:
        """Let the next key sign, and make another next one; the key that signs now."""
        with _locked(self._folder):
            now, moved = int(time.time()), list[SigningKey]()
            for each in _read(self._folder):
                if each.state is not KeyState.RETIRED:
                    later = KeyState.CURRENT if each.state is KeyState.NEXT else KeyState.RETIRED
                    moved.append(replace(each, state=later, since=now))
                elif now - each.since <= LONGEST:
                    moved.append(each)
            _write(self._folder, (_new(KeyState.NEXT, now), *moved))
        self._look()
        return next(each for each in self._keys if each.state is KeyState.CURRENT)

    def retire(self, kid: str) -> None:
        """Trust a key no more, from now on, whatever it signed; the current one has to be rotated first."""
        with _locked(self._folder):
            keys = _read(self._folder)
            found = next((each for each in keys if each.kid == kid), None)
            if found is None:
                raise InputError("kid", "is none of the keys")
            if found.state is KeyState.CURRENT:
                raise InputError("kid", "is the key that signs now: rotate first")
            kept = tuple(each for each in keys if each.kid != kid)
            fresh = (_new(KeyState.NEXT, int(time.time())),) if found.state is KeyState.NEXT else ()
            _write(self._folder, (*fresh, *kept))
        self._look()

    def _look(self) -> None:
        self._looked = self._clock()
        path = self._folder / FILE_NAME
        if not path.exists():
            self._begin()
        status = path.stat()
        if (stamp := (status.st_ino, status.st_mtime_ns)) != self._stamp:
            self._stamp, self._keys = stamp, _read(self._folder)

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with _locked(self._folder):
            # Of two servers that start at once, the first one's keys stay.
            if not (self._folder / FILE_NAME).exists():
                now = int(time.time())
                _write(self._folder, (_new(KeyState.NEXT, now), _first(self._folder, now)))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Nobody else changes a folder's keys meanwhile."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _new(state: KeyState, now: int) -> SigningKey:
    return SigningKey(ECKey.generate_key("P-256", auto_kid=True), state, now)


def _first(folder: Path, now: int) -> SigningKey:
    earlier = folder / EARLIER_NAME
    if not earlier.exists():
        return _new(KeyState.CURRENT, now)
    return SigningKey(ECKey.import_key(json.loads(earlier.read_text())), KeyState.CURRENT, now)


def _read(folder: Path) -> Keys:
    stored = json.loads((folder / FILE_NAME).read_text())["keys"]
    return tuple(SigningKey(ECKey.import_key(each["jwk"]), KeyState(each["state"]), each["since"]) for each in stored)


def _write(folder: Path, keys: Keys) -> None:
    stored = [{"state": each.state.value, "since": each.since, "jwk": each.key.as_dict(private=True)} for each in keys]
    secret_files.put(folder / FILE_NAME, json.dumps({"keys": stored}, indent=1).encode())

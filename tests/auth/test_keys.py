"""The signing keys: made once, by whoever comes first, moved on one by one, and nobody else's to read."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from auth.keys import EARLIER_NAME, FILE_NAME, LONGEST, Keyring, KeyState
from auth.tokens import Tokens
from models.errors import InputError, Unauthenticated

PRINT_KEY_ID = (
    "import sys, pathlib; from auth.keys import Keyring; print(Keyring(pathlib.Path(sys.argv[1])).current.kid)"
)
NEXT, CURRENT, RETIRED = KeyState.NEXT, KeyState.CURRENT, KeyState.RETIRED


def states(keys: Keyring) -> list[KeyState]:
    return [each.state for each in keys.keys]


def test_only_the_server_may_read_them(tmp_path: Path) -> None:
    Keyring(tmp_path / "keys").rotate()
    assert stat.S_IMODE((tmp_path / "keys" / FILE_NAME).stat().st_mode) == 0o600


def test_they_are_kept(tmp_path: Path) -> None:
    assert Keyring(tmp_path).published == Keyring(tmp_path).published


def test_nothing_else_is_left_in_their_folder(tmp_path: Path) -> None:
    Keyring(tmp_path).rotate()
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_servers_that_start_at_once_agree_on_them(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PRINT_KEY_ID, str(tmp_path / "keys")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    found = {process.communicate()[0] for process in processes}
    assert found == {f"{Keyring(tmp_path / 'keys').current.kid}\n"}


def test_a_broken_file_is_not_replaced(tmp_path: Path) -> None:
    """Tokens of keys that were restored from a backup must not be lost."""
    (tmp_path / FILE_NAME).write_text("{")
    with pytest.raises(ValueError):
        Keyring(tmp_path)
    assert (tmp_path / FILE_NAME).read_text() == "{"


def test_the_only_key_of_earlier_versions_goes_on_signing(tmp_path: Path) -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    (tmp_path / EARLIER_NAME).write_text(json.dumps(key.as_dict(private=True)))
    assert Keyring(tmp_path).current.as_dict(private=True) == key.as_dict(private=True)


def test_the_next_key_is_published_before_it_signs(tmp_path: Path) -> None:
    keys = Keyring(tmp_path)
    announced, signing = (each.kid for each in keys.keys)
    assert states(keys) == [NEXT, CURRENT]
    assert keys.rotate().kid == announced
    assert states(keys) == [NEXT, CURRENT, RETIRED]
    assert [each.kid for each in keys.keys][1:] == [announced, signing]


def test_what_is_published_has_no_secret(tmp_path: Path) -> None:
    keys = Keyring(tmp_path)
    keys.rotate()
    published = keys.published["keys"]
    assert len(published) == 3
    for key in published:
        assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_a_token_of_a_rotated_key_stays_good(tmp_path: Path) -> None:
    tokens = Tokens(Keyring(tmp_path))
    token = tokens.issue("somebody", 60)
    tokens.keys.rotate()
    assert tokens.verified(token).subject == "somebody"
    tokens.keys.rotate()
    assert tokens.verified(token).subject == "somebody"
    assert tokens.verified(tokens.issue("another", 60)).subject == "another"


def test_a_token_of_a_key_that_is_trusted_no_more_is_bad(tmp_path: Path) -> None:
    tokens = Tokens(Keyring(tmp_path))
    token, kid = tokens.issue("somebody", 60), str(tokens.key.kid)
    tokens.keys.rotate()
    tokens.keys.retire(kid)
    with pytest.raises(Unauthenticated):
        tokens.verified(token)


def test_the_key_that_signs_cannot_be_taken_away(tmp_path: Path) -> None:
    keys = Keyring(tmp_path)
    before = keys.published
    for kid in (str(keys.current.kid), "unknown"):
        with pytest.raises(InputError):
            keys.retire(kid)
    assert keys.published == before


def test_a_next_key_that_is_taken_away_has_a_successor(tmp_path: Path) -> None:
    keys = Keyring(tmp_path)
    compromised = keys.keys[0].kid
    keys.retire(compromised)
    assert states(keys) == [NEXT, CURRENT]
    assert keys.rotate().kid != compromised


def test_a_key_is_forgotten_once_all_that_it_signed_has_expired(tmp_path: Path) -> None:
    keys = Keyring(tmp_path)
    oldest = str(keys.current.kid)
    keys.rotate()
    stored = json.loads((tmp_path / FILE_NAME).read_text())
    for each in stored["keys"]:
        each["since"] -= LONGEST + 60
    (tmp_path / FILE_NAME).write_text(json.dumps(stored))
    keys.rotate()
    assert keys.with_id(oldest) is None
    assert states(keys) == [NEXT, CURRENT, RETIRED]


def test_another_server_notices_by_itself(tmp_path: Path) -> None:
    """By looking again after a second, and at once where a token names a key that it does not know."""
    clock = [0.0]
    here, there = Keyring(tmp_path), Keyring(tmp_path, lambda: clock[0])
    before = there.keys
    kid = here.rotate().kid
    assert there.keys is before
    clock[0] += 1
    assert there.current.kid == kid
    here.rotate()
    newest = here.keys[0].kid
    assert there.with_id(newest) is not None


def test_no_token_outlives_its_key(tmp_path: Path) -> None:
    tokens = Tokens(Keyring(tmp_path))
    claims = tokens.verified(tokens.issue("somebody", 10 * LONGEST))
    assert claims.expires - claims.told["iat"] == LONGEST


def portal_keys(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PORTAL_HOME": str(home)}
    return subprocess.run(["portal", "keys", *words], env=environment, capture_output=True, text=True, check=False)


def test_the_command_line_rotates_and_retires(tmp_path: Path) -> None:
    keys = Keyring(tmp_path / "keys")
    announced, signing = (each.kid for each in keys.keys)
    assert portal_keys(tmp_path, "rotate").stdout == f"{announced} signs from now on.\n"
    assert portal_keys(tmp_path, "retire", signing).stdout == f"{signing} is trusted no more.\n"
    listed = [line.split()[:2] for line in portal_keys(tmp_path, "list").stdout.splitlines()]
    assert [state for _, state in listed] == ["NEXT", "CURRENT"]
    assert listed[1][0] == announced
    refused = portal_keys(tmp_path, "retire", announced)
    assert (refused.returncode, refused.stderr) == (1, "portal: kid: is the key that signs now: rotate first\n")


@pytest.mark.parametrize("beginning", ["-", "--", "-h"])
def test_the_command_line_takes_ids_that_begin_like_options(tmp_path: Path, beginning: str) -> None:
    path = tmp_path / "keys" / FILE_NAME
    next_one = Keyring(path.parent).keys[0].kid
    kid = beginning + next_one[len(beginning) :]
    path.write_text(path.read_text().replace(next_one, kid))
    assert portal_keys(tmp_path, "retire", kid).stdout == f"{kid} is trusted no more.\n"
    assert kid not in path.read_text()

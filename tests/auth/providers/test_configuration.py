"""The file of providers: what docs/sign-in.md shows can be used, and what is wrong is told in a sentence."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from auth.providers.configuration import InvalidProviders, Provider, read
from auth.providers.refusals import SignInError
from portal.cli import app

PAGE = (Path(__file__).parents[3] / "docs" / "sign-in.md").read_text()
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

OPENID = {
    "names": '{ en = "One" }',
    "issuer": '"https://one.test"',
    "client_id": '"portal"',
    "client_secret": '"hush"',
    "scopes": '["openid"]',
}
PLAIN = OPENID | {
    "issuer": "",
    "authorization_endpoint": '"https://one.test/a"',
    "token_endpoint": '"https://one.test/t"',
    "userinfo_endpoint": '"https://one.test/u"',
    "scopes": '["email"]',
}


def written(folder: Path, table: dict[str, str], code: str = "one") -> Path:
    """A file with one provider; what is empty is left out."""
    path = folder / "providers.toml"
    path.write_text(f"[{code}]\n" + "".join(f"{name} = {value}\n" for name, value in table.items() if value))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InvalidProviders) as refused:
        read(path)
    return str(refused.value)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_used(tmp_path: Path, example: str) -> None:
    secrets = {
        found: tmp_path / f"secret-{place}"
        for place, found in enumerate(re.findall(r"/run/secrets/\S+?(?=\")", example))
    }
    for told, real in secrets.items():
        real.write_text("hush\n")
        example = example.replace(told, str(real))
    path = tmp_path / "providers.toml"
    path.write_text(example)
    assert read(path)


def test_each_kind_has_an_example() -> None:
    codes = [code for example in EXAMPLES for code in re.findall(r"^\[([\w-]+)\]", example, re.MULTILINE)]
    assert codes == ["google", "yandex", "vk", "id-card"]


def test_each_setting_is_told() -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert set(Provider.model_fields) - {"code"} <= told


def test_each_code_of_an_error_is_told() -> None:
    table = PAGE.partition("| code | what to tell |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([A-Z_]+)`", table)) == {each.value for each in SignInError}


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    table = OPENID | {"client_secret": "", "client_secret_file": f'"{tmp_path / "secret"}"'}
    secret = read(written(tmp_path, table))["one"].client_secret
    assert secret is not None
    assert secret.get_secret_value() == "hush"


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    assert "hush" not in repr(read(written(tmp_path, OPENID))["one"])
    assert "hush" not in refusal(written(tmp_path, OPENID | {"client_secret": '["hush"]'}))


@pytest.mark.parametrize(
    ("table", "changes", "told"),
    [
        (OPENID, {"client_id": ""}, "one.client_id: Field required"),
        (OPENID, {"names": ""}, "one.names: Field required"),
        (OPENID, {"names": "{}"}, "one.names: a name in one language at least must be there: be, ru or en"),
        (OPENID, {"names": '{ de = "Eins" }'}, "one.names.de: Extra inputs are not permitted"),
        (OPENID, {"client_secret": ""}, "one: a client_secret (or client_secret_file) must be there"),
        (OPENID, {"client_authentication": '"none"'}, "one: a client_secret (or client_secret_file) must be there"),
        (OPENID, {"client_secret_file": '"/nowhere"'}, "one: client_secret and client_secret_file are both there"),
        (
            OPENID,
            {"client_secret": "", "client_secret_file": '"/nowhere"'},
            "one: client_secret_file cannot be read: No such file or directory",
        ),
        (OPENID, {"scopes": '["email"]'}, "one: scopes must have openid where there is an issuer"),
        (OPENID, {"scopes": "[]"}, "one.scopes: Value should have at least 1 item"),
        (OPENID, {"scopes": '["openid email"]'}, "one.scopes.0: must be one scope, without blanks"),
        (OPENID, {"issuer": '"http://one.test"'}, "one.issuer: must be an https:// address"),
        (OPENID, {"issuer": '"https://user@one.test"'}, "one.issuer: must be an https:// address"),
        (OPENID, {"issuer": '"https://one.test#a"'}, "one.issuer: must be an https:// address"),
        (OPENID, {"issuer": '"https://"'}, "one.issuer: must be an https:// address"),
        (OPENID, {"issuer": '"one.test"'}, "one.issuer: must be an https:// address"),
        (OPENID, {"issuers": '"https://one.test"'}, "one.issuers: Extra inputs are not permitted"),
        (OPENID, {"id_token_algorithms": '["none"]'}, "one.id_token_algorithms.0: Input should be 'RS256'"),
        (OPENID, {"id_token_algorithms": '["HS256"]'}, "one.id_token_algorithms.0: Input should be 'RS256'"),
        (OPENID, {"email_required": '"yes, please"'}, "one.email_required: Input should be a valid boolean"),
        (OPENID, {"claims": '{ subject = "a b" }'}, "one.claims.subject: String should match pattern"),
        (OPENID, {"business": '{ claim = "kind" }'}, "one.business.values: Field required"),
        (PLAIN, {"userinfo_endpoint": ""}, "one: userinfo_endpoint is needed without an issuer"),
        (PLAIN, {"token_endpoint": ""}, "one: token_endpoint is needed without an issuer"),
        (PLAIN, {"authorization_endpoint": ""}, "one: authorization_endpoint is needed without an issuer"),
        (PLAIN, {"jwks_uri": '"https://one.test/k"'}, "one: jwks_uri means nothing without an issuer"),
        (PLAIN, {"userinfo": '{ via = "address" }'}, "one.userinfo.via: Input should be 'header' or 'form'"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told(tmp_path: Path, table: dict[str, str], changes: dict[str, str], told: str) -> None:
    assert read(written(tmp_path, table))
    assert told in refusal(written(tmp_path, table | changes))


@pytest.mark.parametrize("code", ["One", "1", "a_b", '"a/b"', '"a b"', "a" * 33])
def test_a_code_fits_into_an_address(tmp_path: Path, code: str) -> None:
    assert "the code of a provider has a to z, 0 to 9 and -" in refusal(written(tmp_path, OPENID, code))


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "providers.toml"
    path.write_text("a = 1\n[b]\nscopes = []\n")
    told = refusal(path)
    assert "a: must be a table, as in [a]" in told
    assert "b.client_id: Field required" in told
    assert "b.scopes" in told


@pytest.mark.parametrize(
    ("text", "told"), [(None, "cannot be read: No such file"), ("[a", "is not TOML"), ("\x00", "is not TOML")]
)
def test_a_file_that_is_none(tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "providers.toml"
    if text is not None:
        path.write_text(text)
    assert told in refusal(path)


def test_the_server_does_not_start_with_a_wrong_file(tmp_path: Path) -> None:
    path = written(tmp_path, OPENID | {"client_id": ""})
    environment = {"DATABASE_URL": "postgresql:///nowhere", "PORTAL_PROVIDERS": str(path)}
    done = CliRunner().invoke(app, ["serve"], env=environment)
    assert done.exit_code == 1
    assert "portal: PORTAL_PROVIDERS: " in done.output
    assert "one.client_id: Field required" in done.output
    assert "hush" not in done.output

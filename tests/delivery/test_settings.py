"""What the workspace file may say of schedule and mail, and how it is refused."""

import re

import pytest

from engine.config import read
from engine.errors import UsageError
from engine.settings.address import checked_address

HEAD = '[workspace]\nsnapshots = "snapshots"\n'


def refusal(tmp_path, toml):
    (tmp_path / "quarterdeck.toml").write_text(HEAD + toml)
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "quarterdeck.toml")
    return caught.value.message


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        ("ana@example.com", "ana@example.com"),
        ("a.b+c@Example.com", "a.b+c@example.com"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ops@localhost", "ops@localhost"),
    ],
)
def test_addresses_are_taken_with_domains_of_any_script(written, stands):
    assert checked_address(written) == stands


@pytest.mark.parametrize(
    "written",
    [
        "ana",
        "@example.com",
        "ana@",
        "Ana <ana@example.com>",
        "ana@example.com\nBcc: eve@example.com",
        "ana\r@example.com",
        "ana@example.com, ben@example.com",
        "änä@example.com",
        "a..b@example.com",
        f"{'a' * 65}@example.com",
        "ana@exa mple.com",
    ],
)
def test_anything_else_is_refused(written):
    with pytest.raises(ValueError, match="address"):
        checked_address(written)


def test_an_address_is_kept_once():
    from engine.settings.pack import Pack

    pack = Pack.model_validate({"name": "a", "recipients": ["a@b.co", "c@b.co", "A@b.co"]})
    assert pack.recipients == ("a@b.co", "c@b.co")


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('time_zone = "Berlin"', "Europe/Berlin"),
        ('at = "7:00"', "at"),
        ('holidays = "XX"', "no holidays are known for `XX`"),
        ("offset_days = 1\noffset_business_days = 1", "not both"),
        ('since = "2026-01"', "`since` is no quarter"),
        ('since = "soon"', "`soon` is not a period"),
        ("offset_dais = 1", "did you mean `offset_days`"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(tmp_path, toml, words):
    message = refusal(tmp_path, f'[[packs]]\nname = "board"\n[packs.schedule]\n{toml}\n')
    assert words in message


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[mail]\nhost = "smtp.example.com"', "`from`"),
        ('[mail]\nuser = "qbr"\nsecurity = "none"', "starttls"),
        ('[mail]\nfrm = "a@b.co"', "did you mean `from`"),
        ('[mail]\npassword = "hunter2"', "`password_env`"),
        ('[delivery]\nlink = "https://example.com/"', "link"),
        ('[[packs]]\nname = "b"\nrecipients_by = { Ana = [] }', "nobody is named for Ana"),
    ],
)
def test_mail_settings_that_cannot_work_are_refused(tmp_path, toml, words):
    message = refusal(tmp_path, toml)
    assert words in message
    assert not re.search("hunter2", message)


def test_no_byte_of_a_pack_depends_on_who_gets_it():
    from engine.settings.pack import DELIVERY_FIELDS, Pack

    ours = {"recipients", "recipients_by", "review", "schedule"}
    assert ours == set(DELIVERY_FIELDS) < set(Pack.model_fields)

"""The password: from the environment or the keyring, asked for only if there is a login."""

import sys
from types import SimpleNamespace

import pytest

from engine.delivery.password import password
from engine.errors import UsageError
from engine.settings.delivery import Mail

LOGIN = {"host": "smtp.example.com", "from": "a@b.co", "user": "qbr"}


def asked(**more):
    return password(Mail.model_validate({**LOGIN, **more}))


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    monkeypatch.delenv("QBR_SMTP_PASSWORD", raising=False)


def test_it_is_read_from_the_variable_that_is_named(monkeypatch):
    monkeypatch.setenv("OTHER", "hunter2")
    assert asked(password_env="OTHER") == "hunter2"


def test_the_keyring_is_asked_where_the_variable_is_not_set(monkeypatch):
    ring = SimpleNamespace(get_password=lambda service, user: f"{service}/{user}")
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert asked(keyring="quarterdeck") == "quarterdeck/qbr"


def test_a_keyring_that_is_not_installed_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(UsageError, match="not installed"):
        asked(keyring="quarterdeck")


def test_without_a_login_none_is_asked_for():
    assert password(Mail()) == ""

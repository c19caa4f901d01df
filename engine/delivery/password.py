"""The mail server's password, from where the workspace file says; it is kept nowhere else."""

import importlib
import os

from engine.errors import UsageError
from engine.settings.delivery import Mail


def password(mail: Mail) -> str:
    """The password; empty where there is no login.

    Raises:
        UsageError: There is a login, and its password is neither in the environment nor in
            the keyring.
    """
    if not mail.user:
        return ""
    if found := os.environ.get(mail.password_env) or _from_keyring(mail):
        return found
    raise UsageError(
        "mail-password",
        f"there is no password for {mail.user} at {mail.host}",
        hint=f"set {mail.password_env}, or name a service in [mail] keyring",
    )


def _from_keyring(mail: Mail) -> str | None:
    if not mail.keyring:
        return None
    try:
        return importlib.import_module("keyring").get_password(mail.keyring, mail.user)
    except ModuleNotFoundError as error:
        raise UsageError(
            "mail-keyring",
            "[mail] keyring is set, and the package `keyring` is not installed",
            hint=f"pip install keyring, or set {mail.password_env}",
        ) from error

"""``[mail]`` and ``[delivery]``: the server that messages leave by, and the rules they go by."""

from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from engine.settings.address import Address, Addresses
from engine.settings.base import Table


class Mail(Table):
    """``[mail]``: the server; the password is in the environment or the keyring, never here.

    Attributes:
        security: TLS from the first byte, TLS before login, or none at all.
        sender: ``from`` in the file.
        password_env: Environment variable with the password.
        keyring: Service in the system's keyring that has it, where the variable is not set.
        ca_file: Certificates to trust besides the system's, for a server inside the company.
        answer_seconds: How long the server may think about a whole message; RFC 5321 section
            4.5.3.2.6 grants it ten minutes, and giving up earlier leaves the outcome unknown.
        attempts: How often one call tries a message that is put off.
        patience_seconds: How long one call tries.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Address | None = Field(default=None, alias="from")
    reply_to: Address | None = None
    user: str = ""
    password_env: str = "QBR_SMTP_PASSWORD"  # noqa: S105  the variable's name
    keyring: str = ""
    ca_file: str = ""
    timeout_seconds: int = Field(default=60, ge=1, le=600)
    answer_seconds: int = Field(default=600, ge=1, le=3600)
    attempts: int = Field(default=4, ge=1, le=20)
    patience_seconds: int = Field(default=60, ge=0, le=3600)

    @model_validator(mode="after")
    def _a_host_needs_a_sender(self) -> Self:
        if self.host and self.sender is None:
            raise ValueError("name the sender too: `from`")
        return self

    @model_validator(mode="after")
    def _a_password_travels_encrypted(self) -> Self:
        if self.user and self.security == "none":
            raise ValueError("a login needs `security` to be `starttls` or `tls`")
        return self


class Rules(Table):
    """``[delivery]``: how far a message goes, and who hears of trouble.

    Attributes:
        operators: Who is told that a scheduled pack is late.
        max_megabytes: A message may have so much, encoded; above it the files are linked to.
        link: Address of a file of the output, ``{path}`` being its path there.
        give_up_after_hours: A message that is put off for so long has failed.
        lock_minutes: After so long without a sign, another host may take over.
    """

    operators: Addresses = ()
    max_megabytes: int = Field(default=10, ge=1, le=150)
    link: str = Field(default="", pattern=r"^$|^https?://[^\s]*\{path\}[^\s]*$")
    give_up_after_hours: int = Field(default=72, ge=1, le=720)
    lock_minutes: int = Field(default=10, ge=1, le=1440)

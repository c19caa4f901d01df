"""The choices that a number depends on, as one named and versioned record."""

import hashlib
import json
import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Status = Literal["trialing", "active", "past_due", "paused", "unpaid", "cancelled"]
Share = Annotated[float, Field(ge=0, le=1)]


class Policy(BaseModel):
    """How this company counts; SPEC §3 says what each choice does.

    The defaults are the contract's. Frozen, and two equal policies have equal fingerprints.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = "default"
    version: int = Field(default=1, ge=1)
    preset: Literal["", "stripe", "chartmogul", "profitwell"] = ""
    live_statuses: tuple[Status, ...] = Field(default=("active", "past_due"), strict=False)
    mrr_source: Literal["subscriptions", "invoices"] = "subscriptions"
    recognition: Literal["days", "months", "invoice_date"] = "days"
    usage_in_mrr: bool = False
    arpu_users: Literal["users", "paid_seats", "active_users", "accounts"] = "users"
    account_level: Literal["account", "parent"] = "account"
    cohort_by: Literal["first_paid", "signed_up"] = "first_paid"
    reactivation_window_months: int = Field(default=0, ge=0)
    churn_months: int = Field(default=12, ge=1, le=120)
    churn_base: Literal["opening", "opening_and_new"] = "opening"
    fx: str = "reported"
    gross_margin: Share = Field(default=0.8, strict=False)
    gross_margin_by_product: dict[str, Share] = Field(default_factory=dict, strict=False)
    bundles: dict[str, dict[str, Share]] = Field(default_factory=dict, strict=False)
    mrr_bands: tuple[int, ...] = Field(default=(100, 500, 1000, 5000, 10000), strict=False)
    cac_lag_months: int = Field(default=0, ge=0)
    max_lifetime_months: int = Field(default=0, ge=0)

    @field_validator("fx")
    @classmethod
    def _fx_is_reported_or_constant(cls, value: str) -> str:
        if value != "reported" and not re.fullmatch(r"constant:\d{4}-(0[1-9]|1[0-2])", value):
            message = "write `reported` or one fixed month such as `constant:2026-06`"
            raise ValueError(message)
        return value

    @field_validator("bundles")
    @classmethod
    def _shares_add_up(cls, value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for bundle, shares in value.items():
            if sum(Decimal(repr(share)) for share in shares.values()) != 1:
                message = f"the shares of `{bundle}` must add up to 1"
                raise ValueError(message)
            if nested := sorted(set(shares) & set(value)):
                message = f"`{bundle}` may not hold the bundle `{nested[0]}`"
                raise ValueError(message)
        return value

    @field_validator("mrr_bands")
    @classmethod
    def _bounds_rise(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if list(value) != sorted({bound for bound in value if bound > 0}):
            message = "bounds must be above 0 and rise"
            raise ValueError(message)
        return value

    @property
    def constant_fx_month(self) -> int | None:
        """Number of the month whose rates hold for all others; None if each has its own."""
        if self.fx == "reported":
            return None
        year, month = self.fx.removeprefix("constant:").split("-")
        return int(year) * 12 + int(month) - 1

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that change with any choice; printed on every report."""
        return fingerprint(self.model_dump(mode="json"))


def fingerprint(content: object) -> str:
    """Twelve hex digits of the content's canonical JSON."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]

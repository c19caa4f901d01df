"""The tables of ``tables.ASKS`` in pandas and NumPy, written for speed; see also ``pandas_fact``.

It relies on what the data is, as ``duck`` does. Money is Int64 micro-units throughout.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.pandas_fact import Company, half_even
from tests.benchmarks.pandas_shape import labels, rows
from tests.benchmarks.span import LAST, QUARTER, REPORTED, YEAR_BEFORE

_MICRO = 1e6
_CHANGE = f"{YEAR_BEFORE}..{QUARTER}"
_ATTRIBUTES = ("segment", "region", "channel", "industry")


def tables(place: Path) -> dict[str, int]:
    """Answers the questions and writes them beside the data; how many rows they are."""
    company = Company(place)
    fact = company.fact()
    whole = fact.groupby(["account", "month"], sort=False, as_index=False)[
        ["mrr", "next", "year"]
    ].sum()
    start = whole[whole["mrr"] > 0].groupby("account")["month"].min().rename("start")
    state = _states(whole, company.users())
    step = _steps(whole, start)
    averages = _averages(state, company.accounts)
    answers = pd.concat(
        [
            _movements(step),
            _by_attribute(averages),
            _by_product(fact),
            _by_cohort(_cohorts(state, start)),
            _economics(company, fact, step, averages),
            _change(averages),
        ]
    )
    answers.to_parquet(place / "pandas.parquet", index=False)
    return {"rows": len(answers)}


def _states(whole: pd.DataFrame, users: pd.DataFrame) -> pd.DataFrame:
    """One row an account and month: its MRR and its users."""
    both = pd.concat([whole[["account", "month", "mrr"]].assign(users=0), users.assign(mrr=0)])
    return both.groupby(["account", "month"], sort=False, as_index=False).sum()


def _steps(whole: pd.DataFrame, start: pd.Series) -> pd.DataFrame:
    """One row an account and month with MRR at either end, or a year before."""
    zero = {"own": 0, "opening": 0, "closing": 0, "then": 0}
    keys = whole[["account", "month"]]
    later = keys.assign(month=keys["month"] + 1)
    ends = pd.concat(
        [
            keys.assign(**zero | {"closing": whole["mrr"]}),
            later.assign(**zero | {"own": whole["mrr"], "opening": whole["next"]}),
            keys.assign(month=keys["month"] + 12, **zero | {"then": whole["year"]}),
        ]
    )
    ends = ends[ends["month"].between(REPORTED, LAST)]
    step = ends.groupby(["account", "month"], sort=False, as_index=False).sum()
    begun = start.reindex(step["account"]).to_numpy() < step["month"]
    was, pays = step["own"] > 0, step["closing"] > 0
    names = ["stayed", "churn", "reactivation", "after", "new"]
    cases = [was & pays, was, begun & pays, begun, pays]
    step["event"] = pd.Categorical(np.select(cases, names, "before"))
    return step.assign(change=step["closing"] - step["opening"])


def _movements(step: pd.DataFrame) -> pd.DataFrame:
    event, change = step["event"], step["change"]
    stayed, paid = event == "stayed", step["then"] > 0
    least = np.minimum(step["closing"], step["then"])
    sums = pd.DataFrame(
        {
            "month": step["month"],
            "mrr": step["closing"],
            "mrr_new": change.where(event.isin(["new", "before"]), 0),
            "mrr_reactivation": change.where(event == "reactivation", 0),
            "mrr_expansion": change.where(stayed & (change > 0), 0),
            "mrr_contraction": change.where(stayed & (change <= 0), 0),
            "mrr_churn": change.where(event.isin(["churn", "after"]), 0),
            "mrr_fx": step["opening"] - step["own"],
            "new_accounts": (event == "new").astype("int64"),
            "churned_accounts": ((event == "churn") & (step["opening"] > 0)).astype("int64"),
            "base": step["then"].where(paid, 0),
            "nrr": step["closing"].where(paid, 0),
            "grr": least.where(paid, 0),
        }
    )
    by_month = sums.groupby("month").sum()
    period = labels(by_month.index)
    found = []
    for name in by_month.columns.drop(["base", "nrr", "grr"]):
        units = _MICRO if name.startswith("mrr") else 1
        found.append(rows(name, period, "{}", by_month[name], None, by_month[name] / units))
    for name in ("nrr", "grr"):
        value = by_month[name] / by_month["base"]
        found.append(rows(name, period, "{}", by_month[name], by_month["base"], value))
    return pd.concat(found)


def _averages(state: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """One row a month and value of each attribute: MRR, paying accounts, users, paid seats."""
    within = state[state["month"] >= REPORTED]
    pays = within["mrr"] > 0
    facts = within.assign(n=pays.astype("int64"), paid=within["users"].where(pays, 0))
    frames = []
    for name in _ATTRIBUTES:
        codes = accounts[name].cat.codes.to_numpy()[facts["account"]]
        sums = facts.groupby([facts["month"], codes])[["mrr", "n", "users", "paid"]].sum()
        values = accounts[name].cat.categories[sums.index.get_level_values(1)]
        months = sums.index.get_level_values(0)
        frames.append(sums.assign(month=months, attribute=name, label=values))
    return pd.concat(frames, ignore_index=True)


def _by_attribute(averages: pd.DataFrame) -> pd.DataFrame:
    period, mrr = labels(averages["month"]), averages["mrr"]
    group = '{"' + averages["attribute"] + '":"' + averages["label"].astype("str") + '"}'
    found = [
        rows("mrr", period, group, mrr, None, mrr / _MICRO),
        rows("accounts", period, group, averages["n"], None, averages["n"].astype("float64")),
    ]
    for name, below in {"arpa": "n", "arpu": "users", "arppu": "paid"}.items():
        under = averages[below]
        found.append(rows(name, period, group, mrr, under, mrr / _MICRO / under))
    return pd.concat(found)


def _by_product(fact: pd.DataFrame) -> pd.DataFrame:
    within = fact[fact["month"] >= REPORTED]
    sums = within.groupby(["month", "product"], as_index=False, observed=True)["mrr"].sum()
    group = '{"product":"' + sums["product"].astype("str") + '"}'
    return rows("mrr", labels(sums["month"]), group, sums["mrr"], None, sums["mrr"] / _MICRO)


def _cohorts(state: pd.DataFrame, start: pd.Series) -> pd.DataFrame:
    """One row a cohort and age that all of it has reached."""
    begun = start.reindex(state["account"]).to_numpy()
    aged = state[state["month"].to_numpy() >= begun]
    begun = begun[~np.isnan(begun) & (state["month"].to_numpy() >= begun)].astype("int64")
    aged = aged.assign(cohort=begun // 3, age=aged["month"] - begun, active=aged["mrr"] > 0)
    sums = aged.groupby(["cohort", "age"])[["mrr", "users", "active"]].sum()
    size = start.groupby(start // 3).agg(["size", "max"])
    ages = LAST - size["max"].to_numpy() + 1
    grid = pd.DataFrame(
        {
            "cohort": np.repeat(size.index.to_numpy(), ages),
            "age": np.concatenate([np.arange(n) for n in ages]),
            "acquired": np.repeat(size["size"].to_numpy(), ages),
        }
    )
    full = grid.join(sums, on=["cohort", "age"]).fillna(0).astype("int64")
    return full.assign(base=full.groupby("cohort")["mrr"].transform("first"))


def _by_cohort(cohorts: pd.DataFrame) -> pd.DataFrame:
    mrr, acquired, active = cohorts["mrr"], cohorts["acquired"], cohorts["active"]
    label = (cohorts["cohort"] // 4).astype("str") + "Q" + (cohorts["cohort"] % 4 + 1).astype("str")
    group = '{"cohort":"' + label + '","age":"' + cohorts["age"].astype("str") + '"}'
    money, users = mrr / _MICRO, cohorts["users"]
    figures = {
        "acquired": (acquired, acquired.astype("float64")),
        "active": (active, active.astype("float64")),
        "mrr": (mrr, money),
        "arpa": (None, money / active.where(active > 0)),
        "arpu": (None, money / users.where(users > 0)),
        "mrr_per_acquired": (None, money / acquired),
        "logo_retention": (None, active / acquired),
        "revenue_retention": (None, mrr / cohorts["base"].where(cohorts["base"] > 0)),
    }
    found = [
        rows(f"cohort_{name}", QUARTER, group, top, None, value)
        for name, (top, value) in figures.items()
    ]
    ages = cohorts.groupby("age")[["active", "acquired", "mrr", "base"]].sum()
    group = '{"age":"' + ages.index.astype("str") + '"}'
    for name, (top, below) in {"logo": ("active", "acquired"), "revenue": ("mrr", "base")}.items():
        value = ages[top] / ages[below]
        found.append(rows(f"cohort_{name}_retention", QUARTER, group, None, None, value))
    return pd.concat(found)


def _economics(
    company: Company, fact: pd.DataFrame, step: pd.DataFrame, averages: pd.DataFrame
) -> pd.DataFrame:
    channels = company.accounts["channel"].to_numpy()
    last = fact[fact["month"] == LAST]
    margin = last.assign(margin=half_even(last["mrr"].to_numpy() * 4, 5))
    margin = margin.groupby(channels[margin["account"]])[["mrr", "margin"]].sum()
    year = step[step["month"] > LAST - 12]
    lost = (year["event"] == "churn") & (year["opening"] > 0)
    new = (year["event"] == "new") & (year["month"] > LAST - 3)
    counts = pd.DataFrame({"lost": lost, "openings": year["own"] > 0, "new": new})
    counts = counts.groupby(channels[year["account"]]).sum()
    spend = company.spend()
    spent = spend[spend["month"] > LAST - 3].groupby("channel")["amount"].sum() * 10_000
    now = averages[(averages["month"] == LAST) & (averages["attribute"] == "channel")]
    now = now.set_index("label")
    arpa = now["mrr"] / _MICRO / now["n"]
    ltv = arpa * (margin["margin"] / margin["mrr"]) / (counts["lost"] / counts["openings"])
    spent, group = spent.reindex(ltv.index), '{"channel":"' + ltv.index.astype("str") + '"}'
    cac = spent / _MICRO / counts["new"]
    return pd.concat(
        [
            rows("cac", QUARTER, group, spent, counts["new"], cac),
            rows("ltv", QUARTER, group, None, None, ltv),
            rows("ltv_cac", QUARTER, group, None, None, ltv / cac),
        ]
    )


def _change(averages: pd.DataFrame) -> pd.DataFrame:
    segments = averages[averages["attribute"] == "segment"].set_index("label")
    then, now = (segments[segments["month"] == month] for month in (LAST - 12, LAST))
    shares = [side["n"] / side["n"].sum() for side in (then, now)]
    ratios = [side["mrr"] / _MICRO / side["n"] for side in (then, now)]
    totals = [side["mrr"].sum() / _MICRO / side["n"].sum() for side in (then, now)]
    mean = (then["n"].sum() + now["n"].sum()) / 2
    volume = (now["n"].sum() - then["n"].sum()) * sum(totals) / 2
    effects = {
        "rate": sum(shares) / 2 * (ratios[1] - ratios[0]),
        "mix": (shares[1] - shares[0]) * (sum(ratios) - sum(totals)) / 2,
        **dict.fromkeys(("entered", "exited", "unattached"), shares[0] * 0),
    }
    found = [("mrr", '{"ratio":"arpa","dimension":"segment","effect":"volume"}', volume)]
    for effect, values in effects.items():
        key = f'"dimension":"segment","effect":"{effect}"}}'
        found += [("arpa", "{" + key, values.sum())]
        found += [("mrr", '{"ratio":"arpa",' + key, values.sum() * mean)]
        found += [
            ("arpa", f'{{"segment":"{label}","effect":"{effect}"}}', value)
            for label, value in values.items()
        ]
    frame = pd.DataFrame(found, columns=["metric", "group", "value"])
    return rows(frame["metric"], _CHANGE, frame["group"], None, None, frame["value"])

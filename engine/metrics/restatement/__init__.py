"""What a metric of a past period was on one snapshot and is on another, and why it moved.

The tables of the earlier snapshot are exchanged for those of the later one, one cause after
the other and always in the order of ``causes.Cause``, and the metric is counted after each: a
cause's effect on a sum is the difference of two consecutive counts, so the effects add up to
the change. The effects on a ratio N / D are Bennet's (1920, "The theory of measurement of
changes in cost of living"; Diewert 2005, "Index number theory using differences rather than
ratios"): with R̄ and D̄ the mean ratio and the mean denominator of both ends, a cause that moved
the sums by ΔN and ΔD moved the ratio by (ΔN − R̄ × ΔD) / D̄. That is linear in the sums, so causes,
groups and accounts all add up to the ratio's change, exactly, as fractions.
"""

from engine.metrics.restatement.causes import Cause, Ends, Side
from engine.metrics.restatement.counting import restated
from engine.metrics.restatement.rules import Rules, recorded
from engine.metrics.restatement.value import Restated, Restatement

__all__ = ["Cause", "Ends", "Restated", "Restatement", "Rules", "Side", "recorded", "restated"]

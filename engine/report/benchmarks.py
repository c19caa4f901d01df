"""What readers hold figures against, and how few make a figure that says nothing."""

#: LTV is to be at least so many times CAC, and CAC to be back within so many months.
LTV_CAC = 3.0
PAYBACK_MONTHS = 12.0

#: Open pipeline is to be so many times the target that it is there to meet.
COVERAGE = 3.0

#: Fewer new accounts, or fewer decided deals, than this are too few to read a rate from:
#: one more or one less would move it by a tenth and over.
FEW = 10
TOO_FEW = "too few"

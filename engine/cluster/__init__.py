"""Facts and sums made in parts, on this machine or on others, by the same three functions.

``partial`` adds up some files and deals the rows into buckets of accounts, ``reduced`` counts
whatever is asked of the accounts of one bucket, ``whole`` adds up what several counted. Ratios
are divided last, by the same code as ever.
"""

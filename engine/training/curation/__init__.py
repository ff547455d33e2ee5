"""Curation: which spans of a folder of footage are worth training on, and why the others are not.

The funnel of the Movie Gen paper (its Table 44), for anybody's own footage. Measuring looks at
pixels, once for each file; judging reads what was measured, so that a threshold can change without
a picture being decoded again. No filter needs a downloaded model; docs/curation.md says what
stands in for those that the paper used.
"""

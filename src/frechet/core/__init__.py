"""What everything stands on: sizes, expressions, and what a record of an operation holds.

`dim` has sizes, `expr` expressions; `op` is the record, with its parts in `facts`, `looks`, `words`, `slips` and
`code`, and `records` is where the records are found.

Here belongs what has no operation, no formula and no rule of its own.  Records are written in `ops`.
"""

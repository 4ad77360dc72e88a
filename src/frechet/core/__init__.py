"""What everything stands on: sizes (`dim`), expressions (`expr`), what a record of an operation holds (`op`, `facts`, `looks`,
`words`), where the records are found (`records`).

Here belongs what has no operation, no formula and no rule of its own.  Records are written in `ops`.
"""

"""What a program sees: formulas built with operators, `derive` and its answer, `explain`, `check`, `equal`.

`setting` is the main road, from a problem to its derivative in every form; `derivative` is the answer, and `checking`,
`report`, `explicit`, `explained`, `claims` are what it can do, loaded when a method needs them; `formula`, `functions`,
`elementwise`, `spectral` are what expressions are built with.
"""

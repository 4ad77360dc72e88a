"""The normal form: nodes, whose constructors keep the invariants, and the tensor networks they are read as.

Here belongs what is true of products, sums, transposes and contractions whatever operations stand in them; what is
known of one operation stands in its record.  In reading order: `node`, `atoms`, `constructors`, `network`, then what is
asked of nodes (`definite`, `triangular`) and done to them (`expand`, `factor`).
"""

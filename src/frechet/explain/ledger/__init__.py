"""The ledger of conventions: every form of one derivative in one table, each with its size and its users.

Here belongs what fills the table: the forms of a first derivative (`forms`), of a second one (`hessian`), the chain
rule in each order (`chain`).  What the table is made of stands in `explain.table`, below; how it looks on a page in
`explain.render`.  Whether a formula that somebody claims is one of these forms is asked in `explain.claims`.
"""

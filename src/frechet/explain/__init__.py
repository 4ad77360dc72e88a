"""Why: the derivation of a derivative, the ledger of its forms, the verdict on a formula that somebody claims.

Here belongs what is said about an answer that is known already (`question`).  What is derived anew belongs in the
calculus, what is evaluated in `verify`, what a program calls in the library.

steps, table          what derivations and ledgers are made of; `render` puts them on pages
derivation, ledger    make them, and stand on `render`
claims                judges formulas
names                 names in a formula, and what they stand for
boundaries            where a formula has no derivative, for all who speak of it
plain                 an answer as plain data; remainder: the definition of the derivative as a table of numbers
"""

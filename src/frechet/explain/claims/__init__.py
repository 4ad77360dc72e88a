"""Claims about derivatives and equalities, judged: every reading, the nearest mend, a counterexample in small numbers.

In reading order:

    question              what a claim is compared with: the problem, one variable, the right answer
    claim                 the claim as typed, read in the terms of its problem; by way of
        python_claims, latex_sums      Python, and LaTeX with sums over data
        conformability                 why the shapes of a claim do not fit
    points, values        points at which it is compared, the truth there, the values of the claim there
    readings              every way to write one derivative down
    comparison            whether the claim has one of these values at all points; else
        shorthand, mistaken_for        the factor that texts abbreviate by; what is taken for a derivative
    where_it_holds        whether that stands at points drawn to break it
        conditions, named_regions      the words for where it does
    assumptions           what would have to be assumed for it to be right
    mend                  the nearest right formula
        targets, pieces                what it may aim at, what it may bring in
        claim_tree, tree_text          a claim that can be edited, whether it has a shape or not
        edits/, search                 one slip undone, one place or several
    counterexample        small numbers at which the claim is wrong
    structured_variables, wording      what is said
    verdict, judge        the answer, and the way to it from end to end
    equal, two_formulas   the same question of two formulas: are they equal, and where?

Here belongs what is asked of a formula that a person believes to be right.  What people confuse with one operation
stands in its record (`Op.slips`); how the right answer is found and verified, in `calculus` and `verify`; what is said
step by step of a right answer, in `explain/derivation`.  The library's face for it is `library/claims.py` and
`library/equality.py`.
"""

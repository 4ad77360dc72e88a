"""The derivation of a derivative: named parts, one rule a step, every line checked.

Here belongs what finds the steps, and what says why each of them holds.  What an operation's own rule is and how it is
said stands in its record (`Op.telling`); what a step is made of stands in `explain.steps`, below, because the pages
(`explain.render`) need it too; how it looks on a page is theirs.

deriving        which road leads from the formula to the form, and the finished derivation
forward         the road of most problems: the differential, put together, collected, read off
backward        the road of a chain of quantities: backpropagation, one quantity a step
collecting      a line as ⟨g, dX⟩; readoff: what the increment is paired with, read off it
jacobian        the end in a Jacobian; indexform: in index form; freeentries: by the free entries of a structured
                variable; wirtinger: by a complex variable
draft           a derivation in the making, which the roads add steps to; derivation: one that is finished
naming          which parts get a name; recognised: parts that are a known function, written out
differentials   the differential of a formula as it was typed; terms: a line term by term; spelling: how it is written
inner           inner products of formulas
rules, moves    the words of each step: of a differential, of what brings an increment to its place
conditions      what the formula needs
proof           every line evaluated at random points
"""

"""The derivation of a derivative: named parts, one rule a step, every line checked.

road            which road leads from the formula to the form, and the finished derivation
forward         the road of most problems: the differential, put together, collected, read off
backward        the road of a chain of quantities: backpropagation, one quantity a step
collecting      a line as ⟨g, dX⟩; reading: what the increment is paired with, read off it
stacked         the end in a Jacobian; entries: in index form; wirtinger: by a complex variable
draft           a derivation in the making, which the roads add steps to; steps: what it is made of
quantities      which parts get a name; recognised: parts that are a known function, written out
differentials   the differential of a formula as it was typed; lines: a line term by term; spelling: how it is written
pairing         inner products of formulas
rules, wording  the words of each step; conditions: what the formula needs
proof           every line evaluated at random points
"""

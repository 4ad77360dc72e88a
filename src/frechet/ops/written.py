"""Functions of Python's libraries that are formulas, beside the words of every reader (`ops.words`).

A name is read as its formula, with what was passed in the places of the parameters.  What is a formula of one operation
above all stands in the record of that (`Op.formulas`).
"""

from __future__ import annotations

from frechet.core.written import Written

WRITTEN = (
    # powers, exponentials, logarithms
    Written(("positive",), "x", "x"),
    Written(("cbrt",), "x", "sign(x).*abs(x).^(1/3)"),
    Written(("lerp",), "x, y, weight", "x+weight.*(y-x)"),
    # activations
    Written(("nn.soft_sign", "functional.softsign"), "x", "x./(1+abs(x))"),
    Written(("functional.tanhshrink",), "x", "x-tanh(x)"),
    Written(("nn.elu", "functional.elu"), "x, alpha=1", "elu(x,alpha)"),
    Written(("nn.leaky_relu", "functional.leaky_relu"), "x, negative_slope=0.01", "leakyrelu(x,negative_slope)"),
    Written(("nn.relu6", "functional.relu6"), "x", "clip(x,0,6)"),
    Written(("nn.hard_tanh", "functional.hardtanh"), "x", "clip(x,-1,1)"),
    # losses
    Written(("special.huber",), "delta, r", "huber(r,delta)"),
    Written(("functional.mse_loss",), "input, target", "(input-target).^2", reduced=True),
    Written(("functional.l1_loss",), "input, target", "abs(input-target)", reduced=True),
    Written(
        ("functional.huber_loss",),
        "input, target, delta=1",
        "huber(input-target,delta)",
        reduced=True,
    ),
    Written(
        ("functional.smooth_l1_loss",),
        "input, target, beta=1",
        "huber(input-target,beta)./beta",
        reduced=True,
    ),
    Written(
        ("functional.binary_cross_entropy",),
        "input, target",
        "-(target.*log(input)+(1-target).*log(1-input))",
        "the logarithms of binary_cross_entropy lie above -100, where PyTorch cuts them off",
        reduced=True,
    ),
)

"""Whether a text is Python rather than a formula."""

from __future__ import annotations

import re

_SIGNS = re.compile(
    r"(?<![\w.])(np|numpy|jnp|jax|torch|scipy|math|F|nn)\.[A-Za-z_]"  # a library
    r"|\*\*"
    r"|(?<=[\w)\]])\.mT(?!\w)"
    r"|\.(sum|mean|dot|std|var|reshape|transpose|norm|prod|exp|log|sqrt|trace|max|min|flatten|ravel|item|pow|abs|t|det"
    r"|logdet|inverse|softmax|sigmoid|matmul|clip|clamp|squeeze|unsqueeze|permute|view)\s*\("
    r"|(?<![\w.])lambda(\s+[A-Za-z_*]|\s*:)[^:]*:?"
    r"|^\s*(def|import|from|return)\s",
    re.MULTILINE,
)
_TRANSPOSED = re.compile(r"(?<![\w.])(F|nn)\.(T|mT)\b(?!\w)")
_LAMBDA = re.compile(r"(?<![\w.])lambda\s+[A-Za-z_][\w\s,=.*]*:|(?<![\w.])lambda\s*:")


def looks_like_python(text: str) -> bool:
    """`np.`, `torch.`, `jnp.`, `F.`, `**`, a method call, `lambda x:` or `def`; not `A@B.T`, which formulas have too.

    >>> [looks_like_python(t) for t in ("np.sum(X)", "x**2", "X.sum()", "A@B.T", "lambda*x'*x", "lambda x: x", "F.T*x")]
    [True, True, True, False, False, True, False]
    >>> looks_like_python("X.mT @ X")
    True
    """
    if "\\" in text:
        return False
    for found in _SIGNS.finditer(text):
        piece = found.group()
        if piece.lstrip().startswith("lambda"):
            if _LAMBDA.match(text, found.start()):
                return True
            continue
        if _TRANSPOSED.match(text, found.start()):
            continue
        return True
    return False

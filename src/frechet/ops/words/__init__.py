"""The words of the fields: what people type for what the language writes otherwise, or does not have.

Here belongs what a word means, as data: `record` says what is known of one, `read` holds those with one meaning,
`asked` those that two competent readers take differently, `sought` those that are nothing here.  Every reader asks
the same tables.
"""

from frechet.ops.words.asked import ASKED
from frechet.ops.words.read import READ
from frechet.ops.words.record import Case, Word
from frechet.ops.words.sought import CAPITALS, SOUGHT

__all__ = ["ASKED", "CAPITALS", "READ", "SOUGHT", "WORDS", "Case", "Word"]

WORDS: tuple[Word, ...] = (*READ, *ASKED)
"""Every word that is read or asked."""

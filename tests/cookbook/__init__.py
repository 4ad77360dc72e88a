"""The Matrix Cookbook's derivatives, written from the mathematics: a table of identities to hold frechet against."""

from cookbook.first import FIRST
from cookbook.identity import Identity, Table
from cookbook.last import LAST
from cookbook.second import SECOND
from cookbook.traces import TRACES

TABLE: Table = [*FIRST, *SECOND, *TRACES, *LAST]
"""Every section in the book's order."""

IDENTITIES: list[Identity] = [identity for _, section in TABLE for identity in section]

"""The grammar: four levels of signs, read without recursion.

The table is LALR(1); syntax trees are built as rules are reduced, so that depth costs a list, not a stack.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from frechet.language.tree import Builder

GRAMMAR = r"""
start: program
program: statement -> first
       | program SEPARATOR statement -> more
?statement: sum
          | sum EQUAL sum -> define

?sum: contracted
    | sum PLUS contracted -> binary
    | sum MINUS contracted -> binary
?contracted: product
    | contracted FROBENIUS product -> contraction
?product: unary
    | product TIMES unary -> binary
    | product LDIVIDE unary -> left_quotient
    | product HADAMARD unary -> binary
    | product EDIVIDE unary -> binary
    | product KRON unary -> binary
    | product DIVIDE unary -> quotient
?unary: postfix
    | powered
    | MINUS unary -> negate
    | PLUS unary -> second
?postfix: primary
    | postfix PRIME -> transpose
    | powered PRIME -> transpose
    | postfix INVERSETRANSPOSE -> inverse_transpose
    | postfix HERM -> hermitian
    | powered HERM -> hermitian
    | postfix LSQB items RSQB -> entry
?powered: postfix CARET exponent -> binary
    | powered CARET exponent -> binary
    | postfix ECARET exponent -> binary
    | powered ECARET exponent -> binary
    | postfix SUPER -> superscript
?exponent: indexed
    | MINUS exponent -> negate
    | PLUS exponent -> second
?indexed: primary
    | indexed LSQB items RSQB -> entry
?primary: NUMBER -> number
    | NAME -> name
    | LPAR sum RPAR -> group
    | FUNCTION LPAR RPAR -> call
    | FUNCTION LPAR items RPAR -> call
    | FUNCTION LPAR items COLON sum RPAR -> written_sum
    | LSQB rows RSQB -> blocks
    | OPEN sum CLOSE -> length
    | OPEN1 sum CLOSE1 -> bars
    | LANGLE sum COMMA sum RANGLE -> inner
items: item -> first
     | items COMMA item -> more
?item: sum
     | COLON -> colon
     | STRING -> string
rows: row -> first
    | rows SEMI row -> more
row: sum -> first
   | row COMMA sum -> more

%declare LDIVIDE LANGLE RANGLE
%declare NAME FUNCTION NUMBER STRING TIMES HADAMARD EDIVIDE ECARET PRIME HERM INVERSETRANSPOSE SUPER KRON DIVIDE
%declare PLUS MINUS CARET OPEN CLOSE OPEN1 CLOSE1 FROBENIUS LPAR RPAR LSQB RSQB COMMA COLON EQUAL SEMI SEPARATOR
"""


@cache
def parser() -> Any:
    """The parser, made when the first formula is read."""
    from lark import Lark

    from frechet.language.tokens import Lexer

    return Lark(
        GRAMMAR, parser="lalr", lexer=Lexer, transformer=Builder(), maybe_placeholders=False, keep_all_tokens=True
    )

"""A program as source: expressions and statements, one dialect a library, the frame of a function around them."""

"""Verification: is every formula of an answer, as printed, the derivative of the original expression?"""

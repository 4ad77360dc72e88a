"""The ledger of conventions: every form of one derivative (forms), the chain rule in each order (chain)."""

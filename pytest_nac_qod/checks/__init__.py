"""Judgement: pure functions of an exchange and the contract that return violations."""

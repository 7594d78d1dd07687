"""Judgement: pure functions of an exchange and the contract that return violations.

Each docstring names the clause that the function judges: a JSON pointer into the contract (`Resource` stands for the
schema of a session or an assignment in answers), or a section of an RFC or of CloudEvents.
"""

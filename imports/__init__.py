"""A filled table, as rows of a form: what each row says, and what is wrong with which cell.

`imports.apart` is the way in: it reads a file in a process of its own, in which nothing here is loaded that
is not needed.
"""

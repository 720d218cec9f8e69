"""One module a kind of field; `table.py` lists them."""

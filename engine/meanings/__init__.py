"""What a schema says of its fields, and what a request gives for them.

`fields` are the meanings, functions of `arguments`. `requests` hold the values, which `coercion` takes from what was sent;
`decisions` are what a plan was told of them. `paging`, `cursors`, `global_ids` and `volumes` are of several meanings.
"""

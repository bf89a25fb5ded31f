"""Documents: texts parsed, validated, limited and weighed, each once.

`documents` remembers them, also by their `forms`; `definitions` are what they are made of, and `invalid` is what is told of
other texts. `sketches` are trees without places, and `parsing` makes those with them; `limits` look at one before all else; `acceptance`, with `vocabulary` and
`merging`, tells whether it is plainly valid, and else graphql-core does, by `rules`. `costs` and `freshness` are what is known of each
operation.
"""

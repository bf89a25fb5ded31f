"""Plans: what is selected as statements, and how their rows are read.

`selections` tell what is selected. `planner` plans a root field, `objects` the fields of a type, `connections` and `pages`
lists in pages, from `rows`; `scopes` put them together as queries, and `statements` compile these. `queries` are whole
operations; `variants` and `templates` find a plan that is there already, the latter by `outlines`. Entities of other graphs' `representations`, and
those in `payloads` of changes, are planned like root fields.
"""

-- What everything that totals can serve is held to: one row by its primary key.
select (value / 100.0)::numeric(3, 2), submissions from total where organization_id = %(id)s::bigint and pool = 'OWN'

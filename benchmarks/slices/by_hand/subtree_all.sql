-- A subtree of all time, by criterion: one row of totals, its arrays by the criterion's id.
select (value / 100.0)::numeric(3, 2), submissions,
       (select coalesce(array_agg(array[code, (scored / 100.0)::numeric(3, 2)::text, number::text] order by ordinal, id), '{}')
        from unnest(criterion_values, criterion_counts) with ordinality as places (scored, number, id)
        join criterion using (id) where number > 0)
from total
where organization_id = (select id from organization where code = %(code)s::text) and pool = 'SUBORDINATION'

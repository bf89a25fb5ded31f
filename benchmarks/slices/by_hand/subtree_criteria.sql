-- Months of a subtree with their sums by criterion, in arrays by the criterion's id.
with part as materialized (
    select * from month_total
    where organization_id = (select id from organization where code = %(code)s::text)
      and pool in ('OWN', 'SUBORDINATION') and month between %(from)s::date and %(to)s::date
)
select ((200 * mark_sum + submissions * 720720) / (2 * nullif(submissions, 0) * 720720) / 100.0)::numeric(3, 2), submissions,
       (select coalesce(array_agg(array[code, ((200 * score + number) / (2 * number) / 100.0)::numeric(3, 2)::text, number::text]
                         order by ordinal, id), '{}')
        from (select place as id, sum(score) as score, sum(number) as number
              from part, unnest(criterion_sums, criterion_counts) with ordinality as scored (score, number, place)
              group by place having sum(number) > 0) as scored
        join criterion using (id))
from (select coalesce(sum(mark_sum), 0)::bigint as mark_sum, coalesce(sum(submissions), 0) as submissions from part) as counted

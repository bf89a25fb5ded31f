-- The first fifty of a sphere in a region: who has five raters is ranked by value, the same value by the later id.
with listed as materialized (
    select works.organization_id as id, submissions, value, case when raters >= 5 then value else 0 end as key
    from organization_sphere as works join total on total.organization_id = works.organization_id
    where pool = 'OWN' and closed_on is null and sphere_id = (select id from sphere where code = %(sphere)s::text)
      and area_path >= (select path from area where code = %(region)s::text)
      and area_path < (select path || 'z' from area where code = %(region)s::text)
),
first as (select * from listed order by key desc, id desc limit 50)
select case when key > 0 then rank() over (order by key desc) end, (select count(*) from listed where key > 0),
       code, (value / 100.0)::numeric(3, 2), submissions
from first join organization using (id)
order by key desc, id desc

-- Organizations that were rated: half of them have others below, the largest first; each with a period that cuts two months.
select id, code, "from", "to"
from (
    (select organization.id, organization.code, row_number() over (order by total.submissions desc) as place
     from organization join total on total.organization_id = organization.id and total.pool = 'SUBORDINATION'
     where closed_on is null and exists (select from organization_position as place
         where place.parent_id = organization.id and place.hierarchy = 'SUBORDINATION')
     order by total.submissions desc limit %(size)s / 2)
    union all
    (select organization.id, organization.code, row_number() over (order by md5(organization.code || %(seed)s))
     from organization join total on total.organization_id = organization.id and total.pool = 'OWN'
     where closed_on is null and total.submissions > 0
     order by 3 limit %(size)s - %(size)s / 2)
) as chosen
join (values (0, date '2026-03-05', date '2026-05-11'), (1, '2025-11-12', '2026-02-20'), (2, '2025-01-15', '2025-12-18'))
    as period (number, "from", "to") on period.number = mod(chosen.place, 3)

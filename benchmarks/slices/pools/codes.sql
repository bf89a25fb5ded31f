-- Open organizations that have been rated, wherever they stand.
select organization.id, organization.code
from organization
join total on total.organization_id = organization.id and total.pool = 'OWN'
where organization.closed_on is null and total.submissions > 0
order by md5(organization.code || %(seed)s)
limit %(size)s

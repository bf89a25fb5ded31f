-- Where pages of 50 begin: random places of the list by name, each with a full page behind it.
select name, id
from (
    select coalesce(name_ru, name_be, name_en) as name, id, code,
           row_number() over (order by coalesce(name_ru, name_be, name_en) desc, id desc) as behind
    from organization
    where closed_on is null
) as place
where behind > 50
order by md5(code || %(seed)s)
limit %(size)s

-- The quarters of two years.
select begin::date as "from", (begin + interval '3 months - 1 day')::date as "to"
from generate_series(timestamp '2024-10-01', '2026-07-01', '3 months') as begin
order by md5(begin || %(seed)s) limit %(size)s

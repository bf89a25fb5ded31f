-- What has no variables is asked again and again.
select from generate_series(1, least(%(size)s, 4)) where %(seed)s <> ''

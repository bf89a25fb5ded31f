"""Space: PostGIS expressions over geometries in WGS 84 (EPSG:4326), as pure functions."""

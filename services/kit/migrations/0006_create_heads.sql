-- How far each source has written, for whoever has to know how far behind it is. At PostgreSQL a
-- channel's schema is given another view of this name, of the sources that it hears.
CREATE VIEW heads AS SELECT source, MAX(pos) AS pos FROM source_head GROUP BY source;

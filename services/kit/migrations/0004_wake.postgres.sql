-- Whoever waits for facts or jobs may sit in another process: a commit wakes it. PostgreSQL only.
CREATE FUNCTION wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('lockstep_' || TG_TABLE_SCHEMA, '');
    RETURN NULL;
END
$$;
CREATE TRIGGER outbox_wakes AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake();
CREATE TRIGGER job_wakes AFTER INSERT ON job FOR EACH STATEMENT EXECUTE FUNCTION wake();
-- Embedded, no fact is ever published; here the few that wait for it are found at once.
CREATE INDEX outbox_unpublished ON outbox (source, pos) WHERE stream_seq IS NULL;

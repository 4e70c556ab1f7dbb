-- Where a fact lies in the stream, once the stream has acknowledged it. Embedded, it stays null.
ALTER TABLE outbox ADD COLUMN stream_seq BIGINT;
CREATE INDEX outbox_stream_seq ON outbox (stream_seq) WHERE stream_seq IS NOT NULL;
-- Facts that came while an earlier one of their source is missing: it is asked for again.
CREATE TABLE ahead (
    handler TEXT NOT NULL,
    source TEXT NOT NULL,
    pos BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    envelope TEXT NOT NULL,
    PRIMARY KEY (handler, source, pos)
);
-- What one process does at a time, and until when it is that one's.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until_at BIGINT NOT NULL
);

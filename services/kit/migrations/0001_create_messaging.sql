-- Facts out, facts in, work to do: what every service needs to change state and say so at once.
CREATE TABLE source_head (
    source TEXT PRIMARY KEY,
    pos BIGINT NOT NULL CHECK (pos >= 0)
);
CREATE TABLE outbox (
    source TEXT NOT NULL,
    pos BIGINT NOT NULL CHECK (pos > 0),
    event_id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    envelope TEXT NOT NULL,
    PRIMARY KEY (source, pos)
);
CREATE TABLE cursor (
    handler TEXT NOT NULL,
    source TEXT NOT NULL,
    pos BIGINT NOT NULL,
    PRIMARY KEY (handler, source)
);
CREATE TABLE inbox (
    handler TEXT NOT NULL,
    event_id TEXT NOT NULL,
    done_at BIGINT NOT NULL,
    PRIMARY KEY (handler, event_id)
);
-- A bundle whose fact could not be handled waits here, with all its later facts, in order.
CREATE TABLE parked (
    handler TEXT NOT NULL,
    event_id TEXT NOT NULL,
    key TEXT NOT NULL,
    place BIGINT NOT NULL,
    envelope TEXT NOT NULL,
    why TEXT NOT NULL,
    attempt_count BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    stuck_at BIGINT,
    PRIMARY KEY (handler, event_id)
);
CREATE INDEX parked_key ON parked (handler, key, place);
CREATE TABLE job (
    job_id TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    trace TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    -- 1: done before all others, and in a slot of its own.
    urgent BIGINT NOT NULL DEFAULT 0,
    attempt_count BIGINT NOT NULL,
    lease_until BIGINT,
    boot_id TEXT,
    last_error TEXT,
    done_at BIGINT
);
CREATE INDEX job_due ON job (service, due_at) WHERE done_at IS NULL;
-- A command that was carried out, with its answer: a retry is answered, not repeated.
CREATE TABLE command (
    service TEXT NOT NULL,
    command_id TEXT NOT NULL,
    person TEXT NOT NULL,
    request TEXT NOT NULL,
    answer TEXT NOT NULL,
    done_at BIGINT NOT NULL,
    PRIMARY KEY (service, command_id)
);
-- Each service's own copy of persons and keys, as the root key signed them.
CREATE TABLE register (
    service TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'key', 'revocation')),
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (service, kind, id)
);

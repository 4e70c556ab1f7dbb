-- One row per bundle: the row that holds commit. Every write names the generation and phase it saw.
CREATE TABLE release_bundle (
    bundle TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    n BIGINT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('registering', 'staging', 'staged', 'permitted',
        'completed', 'withdrawing', 'dark', 'stopped', 'blocked', 'failed')),
    -- The edition that passed the gate last, while it is not confirmed dark: what may be shown.
    passed TEXT,
    -- The generation that was last confirmed dark.
    dark_epoch BIGINT,
    dark_n BIGINT,
    evidence TEXT NOT NULL,
    edition TEXT,
    not_before BIGINT,
    -- The newest signed command, asserted again until every channel answered.
    command TEXT,
    asked_at BIGINT,
    -- Granted while a release was under way: begins when that one has ended.
    next_evidence TEXT,
    reason TEXT,
    findings TEXT NOT NULL,
    trace TEXT NOT NULL,
    since BIGINT NOT NULL
);
CREATE TABLE release_channel (
    channel TEXT PRIMARY KEY,
    incarnation TEXT NOT NULL
);
-- What each channel last said it holds and shows.
CREATE TABLE release_answer (
    bundle TEXT NOT NULL,
    channel TEXT NOT NULL,
    staged TEXT,
    receipt TEXT,
    refused TEXT,
    PRIMARY KEY (bundle, channel)
);
-- Handlers and jobs that gave up on a bundle: it is held until a person has looked.
CREATE TABLE release_hold (
    bundle TEXT NOT NULL,
    handler TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (bundle, handler)
);
-- Asked to stop, perhaps before the grant was heard of.
CREATE TABLE release_stop (
    bundle TEXT NOT NULL,
    manifest TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (bundle, manifest)
);
-- Orders to withdraw: never forgotten, never deleted.
CREATE TABLE release_withdrawal (
    bundle TEXT NOT NULL,
    generation TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (bundle, generation)
);

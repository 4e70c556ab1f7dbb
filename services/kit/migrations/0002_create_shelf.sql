-- What a channel holds and shows of each bundle, and what it was last told to.
CREATE TABLE channel_life (
    channel TEXT PRIMARY KEY,
    incarnation TEXT NOT NULL
);
CREATE TABLE shelf (
    channel TEXT NOT NULL,
    bundle TEXT NOT NULL,
    fence_epoch BIGINT,
    fence_n BIGINT,
    staged_epoch BIGINT,
    staged_n BIGINT,
    staged_edition TEXT,
    shown_epoch BIGINT,
    shown_n BIGINT,
    shown_edition TEXT,
    shown_since BIGINT,
    dark_since BIGINT,
    dark_reason TEXT,
    -- The newest show or hide command, signed; carried out once the fence has reached it.
    command TEXT,
    command_epoch BIGINT,
    command_n BIGINT,
    trace TEXT,
    -- The generation whose command was refused and reported.
    refused_epoch BIGINT,
    refused_n BIGINT,
    PRIMARY KEY (channel, bundle),
    CHECK ((staged_epoch IS NULL) = (staged_edition IS NULL)),
    CHECK ((shown_epoch IS NULL) = (shown_edition IS NULL))
);
-- Every edition a channel ever held: evidence, and its members with their slots filled.
CREATE TABLE shelf_edition (
    channel TEXT NOT NULL,
    edition TEXT NOT NULL,
    bundle TEXT NOT NULL,
    evidence TEXT NOT NULL,
    filled TEXT NOT NULL,
    first_shown_at BIGINT,
    withdrawn_at BIGINT,
    PRIMARY KEY (channel, edition)
);

-- What a restore began: one row for each epoch but the first.
CREATE TABLE release_epoch (
    epoch BIGINT PRIMARY KEY,
    -- The channels there were, with the lives they had: each joins with another one.
    lives TEXT NOT NULL,
    -- What is known to be lost, for people.
    withdrawn TEXT NOT NULL,
    forgotten TEXT NOT NULL,
    -- What readers still see and should not.
    differences TEXT NOT NULL,
    compared_at BIGINT,
    resumed_at BIGINT
);
-- The newest withdrawal of a bundle that is kept outside.
CREATE TABLE release_kept (
    bundle TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    n BIGINT NOT NULL
);
-- Withdrawn bundles that release does not know any more: what was drafted before is void.
CREATE TABLE release_lost (
    bundle TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    n BIGINT NOT NULL
);

-- One case per manifest: its evidence grows by sign-offs, order and registration.
CREATE TABLE approval_case (
    manifest TEXT PRIMARY KEY,
    bundle TEXT NOT NULL,
    revision BIGINT NOT NULL,
    -- The generation known to be dark when it was drafted; none: nothing was.
    after_epoch BIGINT,
    after_n BIGINT,
    state TEXT NOT NULL CHECK (state IN
        ('open', 'granted', 'permitted', 'returned', 'superseded', 'ended')),
    evidence TEXT NOT NULL,
    proposal TEXT NOT NULL,
    version BIGINT NOT NULL,
    opened_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX approval_case_bundle ON approval_case (bundle, revision);
-- The generation of a bundle that was last confirmed dark.
CREATE TABLE approval_dark (
    bundle TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    n BIGINT NOT NULL
);

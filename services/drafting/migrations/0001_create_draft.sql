-- Bundles while they change, and every revision that was ever submitted.
CREATE TABLE draft_bundle (
    bundle TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN
        ('rendering', 'dropped', 'in_review', 'returned', 'granted', 'stopped', 'released', 'dark')),
    revision BIGINT NOT NULL,
    released_manifest TEXT,
    -- The generation that was last heard to be dark.
    dark_epoch BIGINT,
    dark_n BIGINT,
    findings TEXT NOT NULL
);
CREATE TABLE draft_revision (
    bundle TEXT NOT NULL,
    revision BIGINT NOT NULL,
    submission TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    draft TEXT NOT NULL,
    proposal TEXT NOT NULL,
    manifest TEXT,
    submitted_by TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    PRIMARY KEY (bundle, revision)
);

-- One case per manifest: its evidence grows by sign-offs, order and registration.
CREATE TABLE approval_case (
    manifest TEXT PRIMARY KEY,
    bundle TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('open', 'granted', 'permitted', 'returned', 'superseded', 'ended')),
    evidence TEXT NOT NULL,
    proposal TEXT NOT NULL,
    version BIGINT NOT NULL,
    opened_at BIGINT NOT NULL
);
CREATE INDEX approval_case_bundle ON approval_case (bundle, opened_at);

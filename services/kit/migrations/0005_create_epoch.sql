-- The epoch that a service's rows are of, and the database they were in then: a restore and a failover
-- to a copy that lost commits leave another database, and call for another epoch.
CREATE TABLE epoch (
    service TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    database TEXT NOT NULL
);

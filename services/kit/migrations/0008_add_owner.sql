-- Whose rows these are: the deployment and its channels. Empty: of before anybody said so.
ALTER TABLE epoch ADD COLUMN owner TEXT NOT NULL DEFAULT '';

-- What was left out of what was rendered, told again with it. Of older rows nothing is known; another
-- program does not read them.
ALTER TABLE rendered_content ADD COLUMN findings TEXT NOT NULL DEFAULT '[]';

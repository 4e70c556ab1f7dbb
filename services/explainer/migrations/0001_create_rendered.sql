-- What was rendered from which content by which program: rendered again, the bytes would be the same.
CREATE TABLE rendered_content (
    content TEXT PRIMARY KEY,
    members TEXT NOT NULL
);

-- Logins that came from one another by refreshing are a family; a refresh token that was used is
-- remembered with it, as a row of kind `rotated`.
ALTER TABLE session ADD COLUMN family TEXT;
ALTER TABLE session ADD COLUMN generation BIGINT;
CREATE INDEX session_family ON session (family);

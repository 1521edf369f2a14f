-- A step that could not be done is set aside, with why, so that those behind it go on.
ALTER TABLE due ADD COLUMN set_aside TEXT;

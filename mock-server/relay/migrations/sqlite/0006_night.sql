-- Whether mails that may wait are held over night: 0 and 1, null where nobody has said.
ALTER TABLE account ADD COLUMN night_hold BIGINT;

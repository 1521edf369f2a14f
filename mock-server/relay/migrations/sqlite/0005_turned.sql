-- Which messages became fetched or unfetched, in that order: what an index of texts has not read
-- yet. The numbers of an office only grow; null where nothing has changed since the message was
-- kept. Follows from what happens; not part of a saved state.
ALTER TABLE message ADD COLUMN turned BIGINT;
CREATE INDEX message_turned_in ON message (receiver, turned) WHERE turned IS NOT NULL;
CREATE INDEX message_turned_out ON message (sender, turned) WHERE turned IS NOT NULL;
CREATE TRIGGER message_turns AFTER UPDATE OF claimed_at ON message
WHEN (NEW.claimed_at IS NULL) <> (OLD.claimed_at IS NULL) BEGIN
    UPDATE message SET turned = 1 + MAX(
        (SELECT COALESCE(MAX(turned), 0) FROM message
         WHERE receiver = NEW.receiver AND turned IS NOT NULL),
        (SELECT COALESCE(MAX(turned), 0) FROM message
         WHERE sender = NEW.sender AND turned IS NOT NULL)
    ) WHERE id = NEW.id;
END;

-- What a claim under a key is found again by; null where it was made without one.
ALTER TABLE message ADD COLUMN claim_salt TEXT;
CREATE INDEX message_claimed ON message (claimed_at) WHERE claimed_at IS NOT NULL;

-- Every list is a range of one of these, and pages are found in them alone.
DROP INDEX message_inbox;
DROP INDEX message_outbox;
CREATE INDEX message_inbox ON message (receiver, sent_at, id, claimed_at);
CREATE INDEX message_outbox ON message (sender, sent_at, id, claimed_at);
CREATE INDEX message_pair ON message (sender, receiver, sent_at, id, claimed_at);
-- In the order in which they came: what the index of texts has not read yet.
CREATE INDEX message_arrived ON message (receiver);
CREATE INDEX message_left ON message (sender);

-- How many messages an office has from another, and how many of them nobody has fetched: kept, so
-- that no list counts. Follows from the messages; not part of a saved state.
CREATE TABLE tally (
    receiver TEXT NOT NULL,
    sender TEXT NOT NULL,
    messages BIGINT NOT NULL,
    unclaimed BIGINT NOT NULL,
    PRIMARY KEY (receiver, sender)
) WITHOUT ROWID;
CREATE INDEX tally_sender ON tally (sender, receiver);
INSERT INTO tally (receiver, sender, messages, unclaimed)
    SELECT receiver, sender, COUNT(*), SUM(claimed_at IS NULL) FROM message GROUP BY receiver, sender;
CREATE TRIGGER message_comes AFTER INSERT ON message BEGIN
    INSERT INTO tally (receiver, sender, messages, unclaimed)
    VALUES (NEW.receiver, NEW.sender, 1, NEW.claimed_at IS NULL)
    ON CONFLICT (receiver, sender) DO UPDATE
    SET messages = messages + 1, unclaimed = unclaimed + excluded.unclaimed;
END;
CREATE TRIGGER message_is_claimed AFTER UPDATE OF claimed_at ON message BEGIN
    UPDATE tally SET unclaimed = unclaimed + (NEW.claimed_at IS NULL) - (OLD.claimed_at IS NULL)
    WHERE receiver = NEW.receiver AND sender = NEW.sender;
END;
CREATE TRIGGER message_goes AFTER DELETE ON message BEGIN
    UPDATE tally SET messages = messages - 1, unclaimed = unclaimed - (OLD.claimed_at IS NULL)
    WHERE receiver = OLD.receiver AND sender = OLD.sender;
    DELETE FROM tally WHERE receiver = OLD.receiver AND sender = OLD.sender AND messages = 0;
END;

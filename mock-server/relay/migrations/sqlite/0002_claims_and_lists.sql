-- What a claim under a key is found again by; null where it was made without one.
ALTER TABLE message ADD COLUMN claim_salt TEXT;
CREATE INDEX message_claimed ON message (claimed_at) WHERE claimed_at IS NOT NULL;

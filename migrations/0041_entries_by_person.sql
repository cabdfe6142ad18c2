-- Whose entries are where is listed after the fact: in an index, every entry had a page of its person's to itself. Entries
-- that are not listed yet are found in the log.

DROP INDEX audit_payloads_by_subject;
CREATE TABLE audit_subjects (
    subject_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (subject_id, seq)
) /* clustered */;
INSERT INTO audit_subjects SELECT p.subject_id, l.seq FROM audit_log l JOIN audit_payloads p ON p.entry_id = l.entry_id
    WHERE p.subject_id IS NOT NULL ORDER BY p.subject_id, l.seq;
INSERT INTO followers (name, next_seq) SELECT 'entries by person', size FROM audit_head;

-- What was counted of sign-ins in each half hour, numbered since 1970: the figures of a week come from a few hundred rows,
-- however many sign-ins there were. Written by a follower of the log.
CREATE TABLE sign_in_slots (
    slot BIGINT NOT NULL,
    name TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (slot, name)
) /* clustered */;

-- Who writes: epoch grows with each process that takes the lock of this schema, works is the
-- number of the newest group of works that was committed.
CREATE TABLE IF NOT EXISTS writer (
  one INT PRIMARY KEY CHECK (one = 1), epoch BIGINT NOT NULL, works BIGINT NOT NULL);
INSERT INTO writer VALUES (1, 0, 0);

CREATE TABLE IF NOT EXISTS appliance (
  id         VARCHAR(63)  NOT NULL PRIMARY KEY,
  site       VARCHAR(63),
  endpoint   VARCHAR(300),
  registered TIMESTAMP(3) WITH TIME ZONE,
  standing   VARCHAR(16)  NOT NULL,
  note       VARCHAR(500) NOT NULL
);
CREATE TABLE IF NOT EXISTS change_log (
  number     BIGINT       NOT NULL PRIMARY KEY,
  at         TIMESTAMP(3) WITH TIME ZONE NOT NULL,
  what       VARCHAR(16)  NOT NULL,
  appliance  VARCHAR(63),
  who        VARCHAR(500) NOT NULL,
  why        VARCHAR(500) NOT NULL
);

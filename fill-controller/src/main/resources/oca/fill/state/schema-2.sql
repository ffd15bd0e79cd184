-- Version 2: the ledger of days, whose tables were made apart from these before.
CREATE TABLE IF NOT EXISTS ledger_day (
  number BIGINT PRIMARY KEY, day_name VARCHAR(10) NOT NULL UNIQUE,
  digest CHAR(64) NOT NULL, json BLOB NOT NULL);

-- Lines of days that are not closed; rows of closed days go.
CREATE TABLE IF NOT EXISTS ledger_open (
  day_name VARCHAR(10) NOT NULL, appliance VARCHAR(63) NOT NULL, json BLOB NOT NULL,
  PRIMARY KEY (day_name, appliance));
CREATE TABLE IF NOT EXISTS ledger_cause (
  day_name VARCHAR(10) NOT NULL, appliance VARCHAR(63) NOT NULL,
  label VARCHAR(40) NOT NULL, bytes BIGINT NOT NULL,
  PRIMARY KEY (day_name, appliance, label));

-- Files that were filled and not served since.
CREATE TABLE IF NOT EXISTS ledger_unserved (
  appliance VARCHAR(63) NOT NULL, file_high BIGINT NOT NULL, file_low BIGINT NOT NULL,
  day_name VARCHAR(10) NOT NULL, filled TIMESTAMP(9) WITH TIME ZONE NOT NULL,
  bytes BIGINT NOT NULL,
  PRIMARY KEY (appliance, file_high, file_low));
CREATE INDEX IF NOT EXISTS ledger_unserved_by_day ON ledger_unserved (day_name);

DROP TABLE IF EXISTS ledger_layout;

-- An index of the hour alone was taken for the key: each sum read all files of its hour.
DROP INDEX IF EXISTS demand_by_hour;
CREATE INDEX IF NOT EXISTS demand_by_hour_and_file
  ON demand (plan_hour, file_high, file_low, region);

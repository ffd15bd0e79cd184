-- Version 1. A file id is two BIGINTs; an hour is hours of plan time since 1970-01-01T00:00Z.

-- Running totals of each room, by name.
CREATE TABLE counter (name VARCHAR(100) PRIMARY KEY, amount BIGINT NOT NULL);

-- Whole snapshots as JSON: the catalogue in force, the last placement.
CREATE TABLE document (name VARCHAR(100) PRIMARY KEY, json BLOB NOT NULL);

-- Every path ever accepted, with the bytes it stands for, for ever.
CREATE TABLE published (
  path VARCHAR(1024) PRIMARY KEY, length BIGINT NOT NULL, sha256 CHAR(64) NOT NULL);

-- Serve-record batches that were counted.
CREATE TABLE batch (
  server VARCHAR(63) NOT NULL, boot VARCHAR(100) NOT NULL, sequence BIGINT NOT NULL,
  received TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (server, boot, sequence));

CREATE TABLE demand (
  file_high BIGINT NOT NULL, file_low BIGINT NOT NULL, region VARCHAR(63) NOT NULL,
  plan_hour BIGINT NOT NULL, bytes BIGINT NOT NULL, requests BIGINT NOT NULL,
  PRIMARY KEY (file_high, file_low, region, plan_hour));
CREATE INDEX demand_by_hour ON demand (plan_hour);

-- Demand for files or from networks that nobody knows (yet).
CREATE TABLE demand_apart (
  file_high BIGINT NOT NULL, file_low BIGINT NOT NULL, client VARCHAR(45) NOT NULL,
  plan_hour BIGINT NOT NULL, bytes BIGINT NOT NULL, requests BIGINT NOT NULL,
  PRIMARY KEY (file_high, file_low, client, plan_hour));

CREATE TABLE manifest (
  appliance VARCHAR(63) PRIMARY KEY, version BIGINT NOT NULL, json BLOB NOT NULL);

-- The newest results of filling; also how a report that comes twice is recognised.
CREATE TABLE fill_result (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  appliance VARCHAR(63) NOT NULL, file_high BIGINT NOT NULL, file_low BIGINT NOT NULL,
  ended TIMESTAMP(9) WITH TIME ZONE NOT NULL, manifest_version BIGINT NOT NULL,
  filled BOOLEAN NOT NULL, reason VARCHAR(500) NOT NULL,
  UNIQUE (appliance, file_high, file_low, ended));

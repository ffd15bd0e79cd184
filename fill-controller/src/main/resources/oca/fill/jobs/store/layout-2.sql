-- The version by which its makers know the plan that changed a job; fill_job.plan is the plan's place
-- among all that were taken, in which one that comes into force again has a new one.
ALTER TABLE fill_job ADD COLUMN plan_version BIGINT DEFAULT 0 NOT NULL;

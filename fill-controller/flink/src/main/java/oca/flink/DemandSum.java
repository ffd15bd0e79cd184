package oca.flink;

import java.time.Instant;
import oca.model.ContentId;

/**
 * Demand for a file from a region in an hour of plan time.
 *
 * @param hour when it begins
 */
record DemandSum(ContentId file, String region, Instant hour, long bytes, long requests) {}

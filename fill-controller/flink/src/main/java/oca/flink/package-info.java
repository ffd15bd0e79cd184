/**
 * Popularity and reasons for misses as jobs for Apache Flink, for records that are more than one
 * controller counts.
 *
 * <p>Begin with {@link oca.flink.Jobs}, which draws the graph; {@link oca.flink.FlinkJobs} is what
 * {@code flink run} starts. What is counted, labelled and summed up is decided by the classes that
 * the controller uses, {@link oca.fill.demand.Tally}, {@link oca.fill.causes.Attribution} and
 * {@link oca.fill.causes.MissLedger}; here stands which of them is where, what it keeps, and in
 * which order it hears. Time is that of the log: when a broker received a message. Nobody imports
 * this package.
 */
@NullMarked
package oca.flink;

import org.jspecify.annotations.NullMarked;

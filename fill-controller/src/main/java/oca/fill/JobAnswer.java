package oca.fill;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import oca.fill.jobs.Job;
import oca.fill.jobs.Standing;
import org.jspecify.annotations.Nullable;

/**
 * A job as {@code /v1/jobs} shows it.
 *
 * @param file its id
 * @param version the SHA-256 of its bytes
 * @param state {@code queued}, {@code granted}, {@code done}, {@code failed} or {@code cancelled}
 * @param attempt from 1; grows with each new try
 * @param generation of the controller's lease behind the newest grant; 0 when there was none
 * @param failedTries since a plan last asked for the file
 * @param bytes that are known to be there
 * @param deadline when it should be there
 * @param why it stands where it stands
 * @param ageMillis since it last changed
 */
record JobAnswer(
    long job,
    String appliance,
    String path,
    String file,
    String version,
    long length,
    String state,
    boolean paused,
    int attempt,
    long generation,
    int failedTries,
    long bytes,
    double value,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant deadline,
    long plan,
    String why,
    long ageMillis) {
  static JobAnswer of(Job job) {
    Standing standing = job.standing();
    return new JobAnswer(
        job.number(),
        job.appliance().value(),
        job.file().path(),
        job.file().id().toString(),
        job.file().version(),
        job.file().length(),
        standing.state().name().toLowerCase(Locale.ROOT),
        standing.paused(),
        standing.attempt(),
        standing.generation(),
        standing.tries(),
        standing.checkpoint(),
        standing.value(),
        standing.deadline() == Standing.NO_DEADLINE
            ? null
            : Instant.ofEpochMilli(standing.deadline()),
        job.plan(),
        job.why(),
        job.ageMillis());
  }

  /**
   * Some of the jobs.
   *
   * @param next the cursor of the next page; null after the last
   */
  record Page(
      List<JobAnswer> jobs, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long next) {}

  /**
   * What a command to reprioritise says.
   *
   * @param value expected bytes served per byte stored
   * @param deadline absent for none
   */
  record Worth(
      double value, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant deadline) {}
}

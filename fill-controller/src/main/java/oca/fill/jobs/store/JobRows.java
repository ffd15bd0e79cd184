package oca.fill.jobs.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import oca.fill.jobs.Job;
import oca.fill.jobs.JobFile;
import oca.fill.jobs.JobState;
import oca.fill.jobs.Lease;
import oca.fill.jobs.OpenJob;
import oca.fill.jobs.PlanDiff;
import oca.fill.jobs.Standing;
import oca.fill.jobs.Step;
import oca.fill.jobs.Wanted;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/** Rows of the table of jobs, there and back. */
final class JobRows {
  private static final String STANDING =
      "state, attempt, generation, tries, checkpoint_bytes, worth, deadline, paused, revision";

  /** What {@link #job} reads. */
  static final String JOB =
      "SELECT number, appliance, "
          + STANDING
          + ", path, version, length, plan_version, why, changed, "
          + LeaseRows.NOW
          + " FROM fill_job";

  /** What {@link #open} reads. */
  static final String OPEN =
      "SELECT number, appliance, " + STANDING + ", not_before, " + LeaseRows.NOW + " FROM fill_job";

  private static final int BATCH = 1_000;

  /** A plan's place among all that were taken, and by which version its makers know it. */
  record PlanMark(long order, long version) {}

  private JobRows() {}

  static Job job(ResultSet row) throws SQLException {
    return new Job(
        row.getLong(1),
        new ApplianceId(row.getString(2)),
        new JobFile(row.getString(12), row.getString(13), row.getLong(14)),
        standing(row),
        row.getLong(15),
        row.getString(16),
        Math.max(0, row.getLong(18) - row.getLong(17)));
  }

  static OpenJob open(ResultSet row, ApplianceId appliance) throws SQLException {
    return new OpenJob(
        row.getLong(1), appliance, standing(row), Math.max(0, row.getLong(12) - row.getLong(13)));
  }

  /** Condition for these slots; true for all. */
  static String in(Collection<Integer> slots) {
    if (slots.size() >= Lease.SLOTS) {
      return "TRUE";
    }
    return slots.isEmpty()
        ? "FALSE"
        : "slot IN ("
            + slots.stream().sorted().map(String::valueOf).collect(Collectors.joining(","))
            + ")";
  }

  static void insert(Connection connection, PlanMark plan, List<PlanDiff.Added> added)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fill_job (appliance, slot, path, file_high, file_low, version, length,"
                + " state, ended, attempt, generation, tries, checkpoint_bytes, worth, deadline,"
                + " paused, revision, plan, plan_version, why, not_before, changed)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, "
                + LeaseRows.NOW
                + ")")) {
      int waiting = 0;
      for (PlanDiff.Added one : added) {
        Wanted want = one.wanted();
        Standing standing = one.standing();
        insert.setString(1, want.appliance().value());
        insert.setInt(2, Lease.slotOf(want.appliance()));
        insert.setString(3, want.file().path());
        insert.setLong(4, want.file().id().high());
        insert.setLong(5, want.file().id().low());
        insert.setString(6, want.file().version());
        insert.setLong(7, want.file().length());
        insert.setString(8, standing.state().name());
        insert.setBoolean(9, standing.state().ended());
        insert.setInt(10, standing.attempt());
        insert.setLong(11, standing.generation());
        insert.setInt(12, standing.tries());
        insert.setLong(13, standing.checkpoint());
        insert.setDouble(14, standing.value());
        insert.setLong(15, standing.deadline());
        insert.setBoolean(16, standing.paused());
        insert.setLong(17, standing.revision());
        insert.setLong(18, plan.order());
        insert.setLong(19, plan.version());
        insert.setString(20, "plan " + plan.version() + " wants it");
        insert.addBatch();
        if (++waiting % BATCH == 0) {
          insert.executeBatch();
        }
      }
      insert.executeBatch();
    }
  }

  /**
   * Changes rows that have the revision which their step knows.
   *
   * @param plan that is behind it; null for none
   * @return per step whether its row was changed
   */
  static boolean[] update(Connection connection, @Nullable PlanMark plan, List<Step> steps)
      throws SQLException {
    boolean[] taken = new boolean[steps.size()];
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE fill_job SET state = ?, ended = ?, attempt = ?, generation = ?, tries = ?,"
                + " checkpoint_bytes = ?, worth = ?, deadline = ?, paused = ?, revision = ?,"
                + " why = ?, not_before = CASE WHEN ? > 0 THEN "
                + LeaseRows.NOW
                + " + ? WHEN attempt = ? THEN not_before ELSE 0 END, changed = "
                + LeaseRows.NOW
                + (plan == null
                    ? ""
                    : ", plan = " + plan.order() + ", plan_version = " + plan.version())
                + " WHERE number = ? AND revision = ?")) {
      for (int from = 0; from < steps.size(); from += BATCH) {
        int to = Math.min(steps.size(), from + BATCH);
        for (Step step : steps.subList(from, to)) {
          bind(update, step);
          update.addBatch();
        }
        int[] counts = update.executeBatch();
        for (int i = 0; i < counts.length; i++) {
          taken[from + i] = counts[i] == 1;
        }
      }
    }
    return taken;
  }

  private static void bind(PreparedStatement update, Step step) throws SQLException {
    Standing after = step.after();
    update.setString(1, after.state().name());
    update.setBoolean(2, after.state().ended());
    update.setInt(3, after.attempt());
    update.setLong(4, after.generation());
    update.setInt(5, after.tries());
    update.setLong(6, after.checkpoint());
    update.setDouble(7, after.value());
    update.setLong(8, after.deadline());
    update.setBoolean(9, after.paused());
    update.setLong(10, after.revision());
    update.setString(11, step.why());
    update.setLong(12, step.waitMillis());
    update.setLong(13, step.waitMillis());
    update.setInt(14, after.attempt());
    update.setLong(15, step.job());
    update.setLong(16, step.before().revision());
  }

  private static Standing standing(ResultSet row) throws SQLException {
    return new Standing(
        JobState.valueOf(row.getString(3)),
        row.getInt(4),
        row.getLong(5),
        row.getInt(6),
        row.getLong(7),
        row.getDouble(8),
        row.getLong(9),
        row.getBoolean(10),
        row.getLong(11));
  }
}

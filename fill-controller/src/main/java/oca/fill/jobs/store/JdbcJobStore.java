package oca.fill.jobs.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import oca.fill.jobs.Applied;
import oca.fill.jobs.Job;
import oca.fill.jobs.JobState;
import oca.fill.jobs.JobStore;
import oca.fill.jobs.Lease;
import oca.fill.jobs.Look;
import oca.fill.jobs.OpenJob;
import oca.fill.jobs.PlanDiff;
import oca.fill.jobs.Step;
import oca.fill.jobs.Tell;
import oca.fill.jobs.Wanted;
import oca.fill.jobs.Written;
import oca.fill.jobs.store.JobRows.PlanMark;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.service.NewerDataException;
import org.jspecify.annotations.Nullable;

/**
 * The book in H2 or PostgreSQL; {@code layout-1.sql} and those after it draw it.
 *
 * <p>A write begins with an update of its slot's lease that names the generation: it finds no row
 * when another controller took the slot, and else locks the row, so that nobody takes it before the
 * write has ended. A plan begins with an update of the plan's version, which puts plans in line;
 * its rows are changed by revision, and those that a controller changed meanwhile are compared
 * again.
 */
public final class JdbcJobStore implements JobStore {
  private static final int FETCH = 10_000;
  private static final int MOST_STARTS = 5;

  private final Line engine;
  private final Line plans;
  private final Line readers;
  private final Wakeups wakeups;

  private JdbcJobStore(ConnectionSource source) {
    this.engine = new Line(source);
    this.plans = new Line(source);
    this.readers = new Line(source);
    this.wakeups = new Wakeups(source);
  }

  /**
   * Opens the book, and makes its tables where there are none.
   *
   * @throws NewerDataException when the database is of a newer release; it is as it was
   * @throws IOException when the database cannot be had
   */
  public static JdbcJobStore open(ConnectionSource source) throws IOException {
    JdbcJobStore store = new JdbcJobStore(source);
    for (int start = 1; ; start++) {
      try {
        store.engine.write(Layout::run);
        return store;
      } catch (IOException e) {
        if (e.getCause() instanceof Layout.NewerException newer) {
          store.close();
          throw newer.told();
        }
        // Of controllers that start together one makes the tables, and the others see them then.
        if (start == MOST_STARTS) {
          store.close();
          throw e;
        }
      }
    }
  }

  @Override
  public void join(String owner, String address, Duration lease) throws IOException {
    engine.write(
        connection -> {
          LeaseRows.join(connection, owner, address, lease.toMillis());
          Wakeups.notify(connection);
          return true;
        });
  }

  @Override
  public Optional<List<Lease>> beat(
      String owner, String address, Duration lease, int expected, int room) throws IOException {
    int count = engine.single(c -> LeaseRows.beat(c, owner, address, lease.toMillis(), room));
    if (count == expected + 1) {
      return Optional.empty();
    }
    return Optional.of(
        engine.write(
            connection -> {
              if (!LeaseRows.isKnown(connection, owner)) {
                LeaseRows.join(connection, owner, address, lease.toMillis());
              }
              return LeaseRows.of(connection, owner);
            }));
  }

  @Override
  public void release(String owner, Collection<Integer> slots) throws IOException {
    engine.write(
        connection -> {
          LeaseRows.release(connection, owner, slots);
          Wakeups.notify(connection);
          return true;
        });
  }

  @Override
  public Look look() throws IOException {
    return engine.single(LeaseRows::look);
  }

  @Override
  public Applied apply(
      long order, long plan, Collection<ApplianceId> appliances, Collection<Wanted> wanted)
      throws IOException {
    return plans.write(
        connection -> {
          // To compare takes longer than a controller may stand still in a transaction; until it
          // has, none but other plans wait for this one.
          Wakeups.mayIdle(connection, "60s");
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE fill_plan SET version = ? WHERE one = 1 AND version < ?")) {
            update.setLong(1, order);
            update.setLong(2, order);
            if (update.executeUpdate() == 0) {
              return Applied.STALE;
            }
          }
          List<Job> there = new ArrayList<>();
          for (ApplianceId appliance : new TreeSet<>(appliances)) {
            there.addAll(jobs(connection, appliance, null));
          }
          Applied applied = apply(connection, new PlanMark(order, plan), wanted, there);
          Wakeups.notify(connection);
          return applied;
        });
  }

  private static Applied apply(
      Connection connection, PlanMark plan, Collection<Wanted> wanted, List<Job> there)
      throws SQLException {
    PlanDiff diff = PlanDiff.of(plan.version(), wanted, there);
    Wakeups.mayIdle(connection, "1s");
    JobRows.insert(connection, plan, diff.added());
    int again = diff.again();
    int withdrawn = diff.withdrawn();
    List<Step> open = diff.steps();
    Map<PlanDiff.Key, Wanted> wants = new HashMap<>();
    while (!open.isEmpty()) {
      boolean[] taken = JobRows.update(connection, plan, open);
      List<Job> changed = new ArrayList<>();
      for (int i = 0; i < taken.length; i++) {
        if (taken[i]) {
          Outbox.put(connection, open.get(i), 0);
        } else {
          // A controller has changed it since it was read.
          job(connection, open.get(i).job(), true).ifPresent(changed::add);
        }
      }
      if (changed.isEmpty()) {
        break;
      }
      if (wants.isEmpty()) {
        wanted.forEach(w -> wants.put(PlanDiff.Key.of(w.appliance(), w.file()), w));
      }
      List<Wanted> still = new ArrayList<>();
      for (Job job : changed) {
        Wanted want = wants.get(PlanDiff.Key.of(job.appliance(), job.file()));
        if (want != null) {
          still.add(want);
        }
      }
      open = PlanDiff.of(plan.version(), still, changed).steps();
    }
    int changes = diff.steps().size() - again - withdrawn;
    return new Applied(true, diff.added().size(), again, withdrawn, changes);
  }

  @Override
  public void open(Collection<Integer> slots, int limit, Consumer<OpenJob> sink)
      throws IOException {
    show(
        JobRows.OPEN
            + " WHERE ended = FALSE AND "
            + JobRows.in(slots)
            + " ORDER BY deadline, worth DESC, number LIMIT "
            + limit,
        sink);
  }

  @Override
  public void touched(Collection<Integer> slots, long order, Consumer<OpenJob> sink)
      throws IOException {
    show(JobRows.OPEN + " WHERE plan > " + order + " AND " + JobRows.in(slots), sink);
  }

  private void show(String sql, Consumer<OpenJob> sink) throws IOException {
    engine.read(
        connection -> {
          // One object an appliance, not one a row.
          Map<String, ApplianceId> names = new HashMap<>();
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setFetchSize(FETCH);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                ApplianceId appliance = names.computeIfAbsent(rows.getString(2), ApplianceId::new);
                sink.accept(JobRows.open(rows, appliance));
              }
            }
          }
          return true;
        });
  }

  @Override
  public List<Tell> outbox(Collection<Integer> slots) throws IOException {
    return engine.single(connection -> Outbox.of(connection, JobRows.in(slots)));
  }

  @Override
  public Written write(Lease lease, List<Step> steps, Collection<Long> heard) throws IOException {
    return engine.write(
        connection -> {
          if (!LeaseRows.hold(connection, lease)) {
            return new Written.Stale();
          }
          boolean[] rows = JobRows.update(connection, null, steps);
          List<Boolean> taken = new ArrayList<>();
          List<Tell> tells = new ArrayList<>();
          for (int i = 0; i < rows.length; i++) {
            taken.add(rows[i]);
            if (rows[i]) {
              Tell tell = Outbox.put(connection, steps.get(i), lease.generation());
              if (tell != null) {
                tells.add(tell);
              }
              note(connection, steps.get(i));
            }
          }
          Outbox.delete(connection, heard);
          return new Written.Done(taken, tells);
        });
  }

  private static void note(Connection connection, Step step) throws SQLException {
    Step.Order order = step.order();
    if (order == null) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fill_order (at, job, what, who) VALUES ("
                + LeaseRows.NOW
                + ", ?, ?, ?)")) {
      insert.setLong(1, step.job());
      insert.setString(2, order.what());
      insert.setString(3, order.who().substring(0, Math.min(200, order.who().length())));
      insert.executeUpdate();
    }
  }

  @Override
  public Optional<Job> job(long number) throws IOException {
    return engine.single(connection -> job(connection, number, false));
  }

  private static Optional<Job> job(Connection connection, long number, boolean lock)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            JobRows.JOB + " WHERE number = ?" + (lock ? " FOR UPDATE" : ""))) {
      select.setLong(1, number);
      return jobs(select).stream().findFirst();
    }
  }

  @Override
  public List<Job> jobs(ApplianceId appliance, @Nullable Collection<ContentId> files)
      throws IOException {
    return engine.read(connection -> jobs(connection, appliance, files));
  }

  private static List<Job> jobs(
      Connection connection, ApplianceId appliance, @Nullable Collection<ContentId> files)
      throws SQLException {
    if (files == null) {
      try (PreparedStatement select =
          connection.prepareStatement(JobRows.JOB + " WHERE appliance = ? ORDER BY number")) {
        select.setString(1, appliance.value());
        select.setFetchSize(FETCH);
        return jobs(select);
      }
    }
    List<Job> jobs = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            JobRows.JOB + " WHERE appliance = ? AND file_high = ? AND file_low = ?")) {
      for (ContentId file : new HashSet<>(files)) {
        select.setString(1, appliance.value());
        select.setLong(2, file.high());
        select.setLong(3, file.low());
        jobs.addAll(jobs(select));
      }
    }
    return jobs;
  }

  @Override
  public List<Job> page(
      @Nullable ApplianceId appliance, @Nullable JobState state, long after, int limit)
      throws IOException {
    return readers.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  JobRows.JOB
                      + " WHERE number > ?"
                      + (appliance == null ? "" : " AND appliance = ?")
                      + (state == null ? "" : " AND state = ?")
                      + " ORDER BY number LIMIT "
                      + limit)) {
            int at = 1;
            select.setLong(at++, after);
            if (appliance != null) {
              select.setString(at++, appliance.value());
            }
            if (state != null) {
              select.setString(at, state.name());
            }
            return jobs(select);
          }
        });
  }

  private static List<Job> jobs(PreparedStatement select) throws SQLException {
    List<Job> jobs = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        jobs.add(JobRows.job(rows));
      }
    }
    return jobs.isEmpty() ? List.of() : Collections.unmodifiableList(jobs);
  }

  @Override
  public void onChange(Runnable changed) {
    wakeups.listen(changed);
  }

  @Override
  public void close() {
    wakeups.close();
    engine.close();
    plans.close();
    readers.close();
  }
}

package oca.fill.jobs;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import oca.model.ApplianceId;
import oca.model.ContentId;
import org.jspecify.annotations.Nullable;

/**
 * The durable book of fill jobs, which controllers share. The contract:
 *
 * <ul>
 *   <li>Each method is one transaction. What it wrote is on disk when it returns; one that throws
 *       has left either all of it or nothing, and its caller does not know which.
 *   <li>Time is the database's. No controller's clock is asked, ever.
 *   <li>Fencing: {@link #write} changes nothing unless the lease that it names is still the newest
 *       of its slot, and no lease changes hands while a write under it is on its way. A lease that
 *       has run out but that nobody took is still good.
 *   <li>A job is unique by appliance, file and version. Its standing only moves as {@link JobState}
 *       says, one revision at a time.
 *   <li>The outbox row of a change is written with the change.
 *   <li>Plans are taken one after the other, each whole or not at all.
 * </ul>
 *
 * <p>Safe on any thread. {@code JobStoreContract} holds every store to this.
 */
public interface JobStore extends AutoCloseable {
  /** Makes {@code owner} known as a controller, with no slots yet. */
  void join(String owner, String address, Duration lease) throws IOException;

  /**
   * Renews what {@code owner} holds, and takes every slot whose lease has run out, and of those
   * that were laid down at most {@code room}. One statement when nothing has changed.
   *
   * @param expected how many slots the owner believes to hold
   * @return all that it holds now; empty when that is as many as it believed
   */
  Optional<List<Lease>> beat(String owner, String address, Duration lease, int expected, int room)
      throws IOException;

  /** Lays down slots, for others to take at once; those that {@code owner} does not hold stay. */
  void release(String owner, Collection<Integer> slots) throws IOException;

  /** Who is there. One statement. */
  Look look() throws IOException;

  /**
   * Takes a plan: see {@link JobState} for what it does to jobs. Only jobs of {@code appliances}
   * are touched.
   *
   * @param order of the plan among all that were taken; one that is not above the newest is refused
   * @param plan by which its makers know it: the same again when it comes into force again
   */
  Applied apply(
      long order, long plan, Collection<ApplianceId> appliances, Collection<Wanted> wanted)
      throws IOException;

  /** The same for a plan that is known by its order. */
  default Applied apply(long order, Collection<ApplianceId> appliances, Collection<Wanted> wanted)
      throws IOException {
    return apply(order, order, appliances, wanted);
  }

  /**
   * Shows the jobs of these slots that have not ended, most urgent first: by deadline, then value,
   * then number.
   *
   * @param limit the most that are shown
   */
  void open(Collection<Integer> slots, int limit, Consumer<OpenJob> sink) throws IOException;

  /** Shows the jobs of these slots that plans after {@code order} have changed, ended or not. */
  void touched(Collection<Integer> slots, long order, Consumer<OpenJob> sink) throws IOException;

  /** What appliances of these slots are still to be told, in order. */
  List<Tell> outbox(Collection<Integer> slots) throws IOException;

  /**
   * Changes jobs of one slot under its lease.
   *
   * @param heard numbers of the outbox that need not be told again
   */
  Written write(Lease lease, List<Step> steps, Collection<Long> heard) throws IOException;

  /** One job. */
  Optional<Job> job(long number) throws IOException;

  /**
   * Jobs of an appliance, in no order.
   *
   * @param files whose they are, of every version; null for all
   */
  List<Job> jobs(ApplianceId appliance, @Nullable Collection<ContentId> files) throws IOException;

  /**
   * A page of the book in the order of numbers.
   *
   * @param appliance null for all
   * @param state null for all
   * @param after numbers above it
   */
  List<Job> page(@Nullable ApplianceId appliance, @Nullable JobState state, long after, int limit)
      throws IOException;

  /**
   * Has {@code changed} called when another controller may have changed something: soon after, on
   * any thread, maybe in vain, and now and then not at all.
   */
  void onChange(Runnable changed);

  @Override
  void close();
}

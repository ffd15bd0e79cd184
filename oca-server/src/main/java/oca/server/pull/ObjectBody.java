package oca.server.pull;

import java.util.concurrent.Executor;
import oca.store.FileLease;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;

/** The bytes of an object of the store, for one answer. */
final class ObjectBody implements PulledBody, Arrivals.Sleeper {
  private final PulledObject object;
  private final Arrivals arrivals;
  private final FileLease lease;
  private final @Nullable Slices slices;
  private final Runnable closed;
  private volatile @Nullable String fault;

  /**
   * Takes over a lease.
   *
   * @param slices fetches what is not there; null when all of it is coming anyway
   * @param closed run when it is given back
   */
  ObjectBody(
      PulledObject object,
      Arrivals arrivals,
      FileLease lease,
      @Nullable Slices slices,
      Runnable closed) {
    this.object = object;
    this.arrivals = arrivals;
    this.lease = lease;
    this.slices = slices;
    this.closed = closed;
  }

  @Override
  public FileLease lease() {
    return lease;
  }

  @Override
  public long length() {
    return object.length();
  }

  @Override
  public long readable(long from) {
    return object.readable(from);
  }

  @Override
  public boolean isComing(long from) {
    return arrivals.isComing(from);
  }

  @Override
  public @Nullable String fault() {
    String own = fault;
    return own == null ? arrivals.fault() : own;
  }

  @Override
  public void told(@Nullable String why) {
    fault = why;
  }

  @Override
  public boolean await(long from, long to, Executor loop, Runnable wake) {
    if (!arrivals.await(from, loop, this, wake)) {
      return false;
    }
    Slices source = slices;
    if (source != null) {
      source.want(from, to);
    }
    return true;
  }

  @Override
  public void close() {
    lease.close();
    closed.run();
  }
}

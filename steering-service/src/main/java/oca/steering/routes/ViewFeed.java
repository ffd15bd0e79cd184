package oca.steering.routes;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import oca.model.Prefix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one view. Its lock is for a close that comes from another thread than the writer's. */
final class ViewFeed implements RouteFeed {
  private static final Logger log = LoggerFactory.getLogger(ViewFeed.class);

  private final ReentrantLock writing = new ReentrantLock();
  private final View view;
  private final Rib rib;
  private final Tally<RouteRefusal> refusals;
  private final LongSupplier nanoClock;
  private final Runnable onChange;
  private final Consumer<View> onClose;
  private boolean closed;
  private boolean refusalTold;

  /**
   * A feed for a view without paths.
   *
   * @param onChange told when another table is due
   * @param onClose told once, when all paths of the view are gone
   */
  ViewFeed(
      View view,
      Rib rib,
      Tally<RouteRefusal> refusals,
      LongSupplier nanoClock,
      Runnable onChange,
      Consumer<View> onClose) {
    this.view = view;
    this.rib = rib;
    this.refusals = refusals;
    this.nanoClock = nanoClock;
    this.onChange = onChange;
    this.onClose = onClose;
  }

  @Override
  public void announce(Prefix prefix, long pathId, PathAttributes attributes) {
    writing.lock();
    try {
      if (closed) {
        return;
      }
      switch (rib.shard(prefix).announce(view, prefix, (int) pathId, attributes)) {
        case NOTHING -> {
          // Told again: what there is stands.
        }
        case CHANGE -> changed(true, view.steers());
        case VIEW_FULL -> full(prefix, RouteRefusal.VIEW_FULL);
        case PREFIX_FULL -> full(prefix, RouteRefusal.PREFIX_FULL);
        case TABLE_FULL -> full(prefix, RouteRefusal.TABLE_FULL);
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void withdraw(Prefix prefix, long pathId) {
    writing.lock();
    try {
      if (!closed) {
        changed(rib.shard(prefix).withdraw(view, prefix, (int) pathId), view.steers());
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void stale(boolean v4) {
    writing.lock();
    try {
      changed(view.epoch(v4).makeStale(), true);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void dropStale(boolean v4) {
    writing.lock();
    try {
      changed(view.epoch(v4).dropStale(), true);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void clear(boolean v4) {
    writing.lock();
    try {
      changed(view.epoch(v4).clear(), true);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public int size() {
    return view.size();
  }

  @Override
  public void close() {
    writing.lock();
    try {
      if (!closed) {
        closed = true;
        view.v4().clear();
        view.v6().clear();
        onClose.accept(view);
        onChange.run();
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void refused(Prefix prefix, RouteRefusal reason) {
    refusals.count(reason);
    view.news().refused(reason);
  }

  /** Whether it is another view now, and another table or a sweep is due. */
  private void changed(boolean itIs, boolean due) {
    if (itIs) {
      view.news().changed(nanoClock.getAsLong());
    }
    if (itIs && due) {
      onChange.run();
    }
  }

  private void full(Prefix prefix, RouteRefusal reason) {
    refused(prefix, reason);
    if (!refusalTold) {
      refusalTold = true;
      log.warn(
          "{} in view \"{}\" refused, and perhaps more: {}",
          prefix,
          view.name(),
          reason.sentence());
    }
  }
}

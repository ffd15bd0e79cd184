package oca.config;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A value that may be replaced while others read it: a configuration, or what follows from one.
 * Reading it is one volatile read; whoever needs several values that belong together reads once and
 * keeps the record.
 *
 * <p>What follows from it ({@link #map}) is worked out when it is replaced and not when it is read.
 * All is worked out before anything is replaced: when that fails, nothing has changed. Parts are
 * made at the start of a process and live as long as it does.
 *
 * <p>Safe on any thread.
 */
public final class Current<T> implements Supplier<T> {
  private final List<Part<T, ?>> parts = new CopyOnWriteArrayList<>();
  private final List<Runnable> told = new CopyOnWriteArrayList<>();
  private final boolean isPart;
  private volatile T value;

  private Current(T value, boolean isPart) {
    this.value = value;
    this.isPart = isPart;
  }

  /** One that is this until it is replaced. */
  public static <T> Current<T> of(T value) {
    return new Current<>(value, false);
  }

  @Override
  public T get() {
    return value;
  }

  /**
   * What follows from it, always that of the newest.
   *
   * @param part has no effects, and throws IllegalArgumentException for what must not come into
   *     force
   */
  public synchronized <R> Current<R> map(Function<? super T, ? extends R> part) {
    Current<R> made = new Current<>(part.apply(value), true);
    parts.add(new Part<>(part, made));
    return made;
  }

  /**
   * Has something done each time that it was replaced, by the thread that did so.
   *
   * @param then short, and throws nothing
   */
  public void whenReplaced(Runnable then) {
    told.add(then);
  }

  /**
   * Replaces it, with all that follows from it. Not for parts: those follow.
   *
   * @throws IllegalArgumentException when something that follows from it must not come into force;
   *     nothing has changed then
   */
  public synchronized void replace(T next) {
    prepared(next).run();
  }

  /** The same in two steps: what is returned replaces it, and cannot fail. */
  synchronized Runnable prepared(T next) {
    if (isPart) {
      throw new IllegalStateException("it follows from another; replace that");
    }
    List<Runnable> changes = new ArrayList<>();
    List<Runnable> then = new ArrayList<>();
    prepare(next, changes, then);
    return () -> {
      changes.forEach(Runnable::run);
      then.forEach(Runnable::run);
    };
  }

  private void prepare(T next, List<Runnable> changes, List<Runnable> then) {
    changes.add(() -> value = next);
    then.addAll(told);
    parts.forEach(part -> part.prepare(next, changes, then));
  }

  private record Part<T, R>(Function<? super T, ? extends R> of, Current<R> made) {
    void prepare(T next, List<Runnable> changes, List<Runnable> then) {
      made.prepare(of.apply(next), changes, then);
    }
  }
}

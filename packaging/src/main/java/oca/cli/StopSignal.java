package oca.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * Turns SIGTERM and SIGINT into a latch that the main thread waits for.
 *
 * <p>Not a shutdown hook: hooks run when the JVM is already going down, side by side with those of
 * libraries, and a store must close while everything still works. A second signal does not wait.
 *
 * <p>{@code sun.misc.Signal} is the only way to a signal (module jdk.unsupported, kept for want of
 * another); it is called by reflection because the compiler's warning about it cannot be switched
 * off.
 */
final class StopSignal {
  private static final int HALTED_BY_SIGNAL = 130;

  private StopSignal() {}

  /** Takes the signals over. The latch opens at the first. */
  static CountDownLatch install() {
    CountDownLatch stop = new CountDownLatch(1);
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object opener =
          Proxy.newProxyInstance(
              StopSignal.class.getClassLoader(),
              new Class<?>[] {handler},
              (_, _, _) -> {
                open(stop);
                return null;
              });
      for (String name : new String[] {"TERM", "INT"}) {
        Object number = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, number, opener);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", e);
    }
    return stop;
  }

  private static void open(CountDownLatch stop) {
    if (stop.getCount() == 0) {
      Runtime.getRuntime().halt(HALTED_BY_SIGNAL);
    }
    stop.countDown();
  }
}

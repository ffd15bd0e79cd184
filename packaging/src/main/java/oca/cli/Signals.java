package oca.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * Turns SIGTERM and SIGINT into a latch that the main thread waits for, and SIGHUP, which would end
 * the process, into an order to read certificates and keys again.
 *
 * <p>Not a shutdown hook: hooks run when the JVM is already going down, side by side with those of
 * libraries, and a store must close while everything still works. A second signal does not wait.
 *
 * <p>{@code sun.misc.Signal} is the only way to a signal (module jdk.unsupported, kept for want of
 * another); it is called by reflection because the compiler's warning about it cannot be switched
 * off.
 */
final class Signals {
  private static final int HALTED_BY_SIGNAL = 130;

  private Signals() {}

  /** Takes SIGTERM and SIGINT over. The latch opens at the first. */
  static CountDownLatch stop() {
    CountDownLatch stop = new CountDownLatch(1);
    for (String name : new String[] {"TERM", "INT"}) {
      handle(name, () -> open(stop));
    }
    return stop;
  }

  /** Takes SIGHUP over; {@code order} runs on a thread of the JVM's, once for each. */
  static void onHangup(Runnable order) {
    handle("HUP", order);
  }

  private static void handle(String name, Runnable order) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object runner =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (_, _, _) -> {
                order.run();
                return null;
              });
      Object number = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, number, runner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", e);
    }
  }

  private static void open(CountDownLatch stop) {
    if (stop.getCount() == 0) {
      Runtime.getRuntime().halt(HALTED_BY_SIGNAL);
    }
    stop.countDown();
  }
}

package oca.fill.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import oca.fill.jobs.store.ConnectionSource;
import oca.fill.jobs.store.JdbcJobStore;
import oca.model.ApplianceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine with nothing to do asks of its database. */
class IdleTest {
  private static final long SECOND = 1_000_000_000;

  @TempDir Path folder;
  private final AtomicInteger statements = new AtomicInteger();

  @Test
  void tick_nothingToDo_isAtMostOneStatementASecond() throws Exception {
    ConnectionSource h2 = ConnectionSource.h2(folder.resolve("jobs"));
    long[] now = {0};
    try (JobStore store = JdbcJobStore.open(() -> counted(Connection.class, h2.connect()))) {
      FillEngine engine =
          new FillEngine(
              "one",
              "here",
              EngineSettings.DEFAULT,
              store,
              new Courier() {
                @Override
                public void tell(ApplianceId appliance, List<Tell> tells) {}

                @Override
                public void moved(ApplianceId appliance) {}
              },
              _ -> true,
              () -> now[0]);
      engine.start();
      long start = 10 * SECOND;
      long end = start + 600 * SECOND;
      int before = 0;
      while (now[0] < end) {
        now[0] += Math.max(1_000_000, engine.tick());
        if (before == 0 && now[0] >= start) {
          before = statements.get();
        }
      }
      int in600Seconds = statements.get() - before;
      assertTrue(in600Seconds <= 600, in600Seconds + " statements in 600 s");
      assertTrue(in600Seconds >= 300, in600Seconds + " statements in 600 s: leases are not kept");
      assertEquals(Lease.SLOTS, engine.status().slots());
    }
  }

  /** The same, with everything that it makes counted when it executes. */
  private <T> T counted(Class<T> type, T real) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          if (method.getName().startsWith("execute")) {
            statements.incrementAndGet();
          }
          return wrapped(invoke(method, real, arguments));
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private Object wrapped(Object made) {
    return switch (made) {
      case PreparedStatement statement -> counted(PreparedStatement.class, statement);
      case Statement statement -> counted(Statement.class, statement);
      case null, default -> made;
    };
  }

  private static Object invoke(Method method, Object on, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

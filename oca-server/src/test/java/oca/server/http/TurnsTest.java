package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final AtomicLong looks = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, executor -> new Counting(NioIoHandler.newFactory().newHandler(executor), looks));
  private final EventLoop loop = group.next();
  private final Executor turns = new Turns().on(loop);

  /** Counts how often the loop looks at its sockets. */
  private record Counting(IoHandler its, AtomicLong looks) implements IoHandler {
    @Override
    public void initialize() {
      its.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      looks.incrementAndGet();
      return its.run(context);
    }

    @Override
    public void prepareToDestroy() {
      its.prepareToDestroy();
    }

    @Override
    public void destroy() {
      its.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      return its.register(handle);
    }

    @Override
    public void wakeup() {
      its.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
      return its.isCompatible(type);
    }
  }

  @AfterEach
  void stop() {
    over.set(true);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void turns_withoutEnd_letTheLoopLookAtItsSockets() throws Exception {
    AtomicLong taken = new AtomicLong();
    for (int i = 0; i < 40; i++) {
      Runnable endless =
          new Runnable() {
            @Override
            public void run() {
              taken.incrementAndGet();
              if (!over.get()) {
                turns.execute(this);
              }
            }
          };
      loop.execute(() -> turns.execute(endless));
    }
    await().until(() -> taken.get() > 40);
    long[] before = loop.submit(() -> new long[] {taken.get(), looks.get()}).get();
    await().until(() -> taken.get() > before[0] + 100_000);
    long[] after = loop.submit(() -> new long[] {taken.get(), looks.get()}).get();
    long looked = after[1] - before[1];
    long turned = after[0] - before[0];
    assertTrue(looked >= turned / 16 - 2, looked + " looks in " + turned + " turns");
  }

  @Test
  void turns_oneFails_theOthersAreTaken() {
    List<Integer> taken = new CopyOnWriteArrayList<>();
    loop.execute(
        () -> {
          for (int i = 0; i < 40; i++) {
            int number = i;
            turns.execute(
                () -> {
                  if (number == 3) {
                    throw new IllegalStateException("a fault of one");
                  }
                  taken.add(number);
                });
          }
        });
    await().until(() -> taken.size() == 39);
    assertEquals(taken.stream().sorted().toList(), taken);
  }
}

package oca.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import oca.server.caching.FieldSection;
import org.jspecify.annotations.Nullable;

/** Looks at one upstream over and over, without a question. On one event loop. */
final class ActiveCheck implements Acquisition.Taker, Connection.User, AutoCloseable {
  private final UpstreamsConfig.Check config;
  private final Wiring wiring;
  private final Upstream upstream;
  private final EventLoop loop;
  private final Alarm alarm;
  private @Nullable Future<?> timer;
  private @Nullable Acquisition acquisition;
  private @Nullable Connection connection;
  private int failures;
  private volatile boolean isClosed;

  ActiveCheck(UpstreamsConfig.Check config, Wiring wiring, Upstream upstream, EventLoop loop) {
    this.config = config;
    this.wiring = wiring;
    this.upstream = upstream;
    this.loop = loop;
    this.alarm = new Alarm(loop, this::expired);
  }

  void start() {
    loop.execute(this::look);
  }

  private void look() {
    if (isClosed) {
      return;
    }
    alarm.set(config.timeout().toNanos());
    // A kept connection could be stale, which would say nothing of the upstream.
    Acquisition begun = new Acquisition(wiring, upstream, loop, this);
    acquisition = begun;
    begun.start(true, config.timeout().toNanos());
  }

  @Override
  public void connected(Connection to) {
    acquisition = null;
    connection = to;
    to.ask(this, Question.get(config.path(), FieldSection.EMPTY, 0));
  }

  @Override
  public void notConnected(UpstreamFailure failure, String detail) {
    acquisition = null;
    if (failure.isItsOwn()) {
      done(failure.label() + ", " + detail);
    } else {
      // All connections are taken: whoever has them shows how it stands.
      again();
    }
  }

  @Override
  public void head(AnswerHead head) {
    Connection used = connection;
    connection = null;
    if (used != null) {
      used.abandon();
    }
    done(head.status() < 400 ? null : "status " + head.status());
  }

  @Override
  public void body(ByteBuf bytes) {
    bytes.release();
  }

  @Override
  public void end() {}

  @Override
  public void failed(UpstreamFailure failure, String detail) {
    connection = null;
    done(failure.label() + ", " + detail);
  }

  @Override
  public void writable() {}

  private void expired() {
    giveUp();
    done("no answer within " + config.timeout());
  }

  private void giveUp() {
    Acquisition under = acquisition;
    Connection used = connection;
    acquisition = null;
    connection = null;
    if (under != null) {
      under.cancel();
    }
    if (used != null) {
      used.abandon();
    }
  }

  private void done(@Nullable String fault) {
    if (fault == null) {
      failures = 0;
      upstream.health().checked(null);
    } else if (++failures >= config.failures()) {
      upstream.health().checked(fault);
    }
    again();
  }

  private void again() {
    alarm.end();
    if (!isClosed) {
      timer = loop.schedule(this::look, config.every().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    loop.execute(
        () -> {
          alarm.end();
          giveUp();
          Future<?> running = timer;
          if (running != null) {
            running.cancel(false);
          }
        });
  }
}

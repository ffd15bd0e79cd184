package oca.server.http;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import oca.server.caching.FieldSection;
import oca.server.pull.PullRequest;
import oca.server.pull.PullSource;
import oca.server.pull.PulledAnswer;
import oca.server.pull.PulledBody;
import oca.server.range.Reply;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/** Answers below {@code p/} as a test has it, with bodies that come in as a test has it. */
final class FakePulls implements PullSource {
  private final Map<String, BiFunction<PullRequest, Consumer<PulledAnswer>, @Nullable PulledAnswer>>
      answers = new ConcurrentHashMap<>();
  final List<PullRequest> asked = java.util.Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger openBodies = new AtomicInteger();

  @Override
  public boolean serves(String path) {
    return path.startsWith("p/");
  }

  @Override
  public @Nullable PulledAnswer ask(PullRequest request, Executor loop, Later later) {
    asked.add(request);
    return answers
        .get(request.path())
        .apply(request, answer -> loop.execute(() -> later.accept(answer)));
  }

  void at(String path, BiFunction<PullRequest, Consumer<PulledAnswer>, @Nullable PulledAnswer> it) {
    answers.put(path, it);
  }

  /** Answers at once with that reply about a body. */
  void at(String path, int status, Reply reply, Growing body, String... fields) {
    at(path, (_, _) -> answer(status, reply, body, fields));
  }

  PulledAnswer answer(int status, Reply reply, @Nullable Growing body, String... fields) {
    PulledBody open = body == null ? null : body.open(openBodies);
    return new PulledAnswer(
        status,
        reply,
        FieldSection.of(fields),
        open == null ? PulledBody.UNKNOWN : open.length(),
        open);
  }

  /** A file that grows, and may fail. */
  static final class Growing {
    private final RandomAccessFile file;
    private final int descriptor;
    private final List<Runnable> waiters = new ArrayList<>();
    private long length;
    private long front;
    private @Nullable String fault;

    Growing(Path at, long length) throws IOException {
      this.file = new RandomAccessFile(at.toFile(), "rw");
      this.descriptor = FileSource.number(file.getFD());
      this.length = length;
    }

    void add(byte[] bytes) throws IOException {
      file.getChannel().write(ByteBuffer.wrap(bytes), front);
      wake(() -> front += bytes.length);
    }

    void end() {
      wake(() -> length = front);
    }

    void fail(String why) {
      wake(() -> fault = why);
    }

    synchronized int waiting() {
      return waiters.size();
    }

    private synchronized void wake(Runnable change) {
      change.run();
      waiters.forEach(Runnable::run);
      waiters.clear();
    }

    private PulledBody open(AtomicInteger open) {
      open.incrementAndGet();
      return new PulledBody() {
        @Override
        public FileLease lease() {
          return new Lease();
        }

        @Override
        public long length() {
          synchronized (Growing.this) {
            return length;
          }
        }

        @Override
        public long readable(long from) {
          synchronized (Growing.this) {
            return Math.max(0, front - from);
          }
        }

        @Override
        public @Nullable String fault() {
          synchronized (Growing.this) {
            return fault;
          }
        }

        @Override
        public boolean isComing(long from) {
          return true;
        }

        @Override
        public boolean await(long from, long to, Executor loop, Runnable wake) {
          synchronized (Growing.this) {
            if (front > from || (length >= 0 && from >= length) || fault != null) {
              return false;
            }
            waiters.add(() -> loop.execute(wake));
            return true;
          }
        }

        @Override
        public void close() {
          open.decrementAndGet();
        }
      };
    }

    private final class Lease implements FileLease {
      @Override
      public FileChannel channel() {
        return file.getChannel();
      }

      @Override
      public int descriptor() {
        return descriptor;
      }

      @Override
      public Object volume() {
        return Growing.this;
      }

      @Override
      public FileLease share() {
        return new Lease();
      }

      @Override
      public long contentOffset() {
        return 0;
      }

      @Override
      public void reportReadError(IOException error) {
        throw new UncheckedIOException(error);
      }

      @Override
      public void close() {}
    }
  }
}

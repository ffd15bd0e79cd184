package oca.server.range;

import java.util.List;
import oca.model.ByteRange;
import org.jspecify.annotations.Nullable;

/** What to answer; what the bytes are and how they travel is somebody else's matter. */
public sealed interface Reply {

  /** Under which of all ways it counts. */
  Outcome outcome();

  /**
   * The first run of a file's bytes that it carries, or null when it carries none.
   *
   * @param length of the file, 0 or more
   */
  default @Nullable ByteRange firstRun(long length) {
    return switch (this) {
      case Whole() -> length == 0 ? null : new ByteRange(0, length - 1);
      case Part(ByteRange range) -> range;
      case Parts(List<ByteRange> ranges) -> ranges.getFirst();
      case NotModified(),
          PreconditionFailed(),
          Unsatisfiable(),
          TooManyRanges(),
          NotHere(),
          Forbidden(),
          MethodNotAllowed(),
          Preflight(),
          Busy() ->
          null;
      case Refused(Outcome _) -> null;
      case Failed(Outcome _) -> null;
    };
  }

  /** All of the file, which may have no bytes at all. */
  record Whole() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.WHOLE;
    }
  }

  /**
   * One range of the file.
   *
   * @param range lies within the file
   */
  record Part(ByteRange range) implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.PART;
    }
  }

  /**
   * Several ranges of the file, as one {@code multipart/byteranges} (RFC 9110, section 15.3.7.2)
   * that {@link MultipartLayout} lays out.
   *
   * @param ranges two or more, within the file, none meeting another, in the order to send
   */
  record Parts(List<ByteRange> ranges) implements Reply {
    public Parts {
      ranges = List.copyOf(ranges);
      if (ranges.size() < 2) {
        throw new IllegalArgumentException("parts, but only " + ranges);
      }
    }

    @Override
    public Outcome outcome() {
      return Outcome.PARTS;
    }
  }

  /** The client has the file already (RFC 9110, section 15.4.5). */
  record NotModified() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.NOT_MODIFIED;
    }
  }

  /** The client wants the file only if it is another than it is (section 15.5.13). */
  record PreconditionFailed() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.PRECONDITION_FAILED;
    }
  }

  /** No range holds a byte of the file (section 15.5.17); the answer says how long it is. */
  record Unsatisfiable() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.UNSATISFIABLE;
    }
  }

  /** More ranges than are served at once; the same section, and the file's length is said too. */
  record TooManyRanges() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.TOO_MANY_RANGES;
    }
  }

  /** The bytes are not here, or not yet. */
  record NotHere() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.NOT_HERE;
    }
  }

  /** The file is not for whoever asks without a good token (section 15.5.4). */
  record Forbidden() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.FORBIDDEN;
    }
  }

  /** A method that does more than read (section 15.5.6). */
  record MethodNotAllowed() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.METHOD_NOT_ALLOWED;
    }
  }

  /** The answer to OPTIONS, which browsers ask before a script may send odd header fields. */
  record Preflight() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.PREFLIGHT;
    }
  }

  /** No room for the request now. */
  record Busy() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.BUSY;
    }
  }

  /**
   * The request is not fit to be planned for: it broke a rule of the protocol or a limit.
   *
   * @param outcome which; the connection cannot be used any further
   */
  record Refused(Outcome outcome) implements Reply {}

  /**
   * What was to be fetched cannot be had; the connection is as good as before.
   *
   * @param outcome why
   */
  record Failed(Outcome outcome) implements Reply {}
}

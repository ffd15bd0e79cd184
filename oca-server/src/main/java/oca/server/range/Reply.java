package oca.server.range;

import oca.model.ByteRange;

/** What to answer; what the bytes are and how they travel is somebody else's matter. */
public sealed interface Reply {

  /** Under which of all ways it counts. */
  Outcome outcome();

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

  /** The range holds no byte of the file (section 15.5.17). */
  record Unsatisfiable() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.UNSATISFIABLE;
    }
  }

  /** The bytes are not here, or not yet. */
  record NotHere() implements Reply {
    @Override
    public Outcome outcome() {
      return Outcome.NOT_HERE;
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
}

package oca.server.upstream;

/** An answer is not as RFC 9112 has it. Without a stack trace: it says all there is to say. */
final class MalformedException extends Exception {
  private static final long serialVersionUID = 1;

  private final UpstreamFailure failure;

  MalformedException(UpstreamFailure failure, String detail) {
    super(detail, null, false, false);
    this.failure = failure;
  }

  UpstreamFailure failure() {
    return failure;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}

package oca.server.http;

import java.util.Set;

/** Linux's numbers for errors, on the architectures we run on. */
final class Errno {
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int ENOSYS = 38;
  static final int EOPNOTSUPP = 95;

  /** EIO, ENXIO, EBADMSG, ENODATA, ESTALE, EUCLEAN, EREMOTEIO. */
  private static final Set<Long> READ_FAULTS = Set.of(5L, 6L, 74L, 61L, 116L, 117L, 121L);

  private Errno() {}

  /** Whether sendfile(2) says this when the file cannot be read; all else is the socket's. */
  static boolean isReadFault(long errno) {
    return READ_FAULTS.contains(errno);
  }
}

package oca.server.http;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Puts pages of real files out of memory. */
final class PageAdvice {
  private static final int DONTNEED = 4;
  private static final MethodHandle FADVISE =
      NativeCall.of(
          "posix_fadvise",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));

  private PageAdvice() {}

  /** Of a file that was written to its disk; length 0 for all of it. */
  static void evict(RandomAccessFile file, long position, long length) throws IOException {
    int errno;
    try {
      errno =
          (int) FADVISE.invokeExact(FileSource.number(file.getFD()), position, length, DONTNEED);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (errno != 0) {
      throw new IOException("posix_fadvise answers " + errno);
    }
  }
}

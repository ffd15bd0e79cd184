package oca.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file channel for tests that knows positions only, as the store does. */
abstract class PositionalChannel extends FileChannel {
  private static final int COPY_BYTES = 64 << 10;

  final void requireOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public final long transferTo(long position, long count, WritableByteChannel target)
      throws IOException {
    ByteBuffer part = ByteBuffer.allocate((int) Math.min(COPY_BYTES, count));
    int read = read(part, position);
    return read <= 0 ? 0 : target.write(part.flip());
  }

  @Override
  public final int read(ByteBuffer bytes) {
    throw byPositionOnly();
  }

  @Override
  public final long read(ByteBuffer[] bytes, int offset, int length) {
    throw byPositionOnly();
  }

  @Override
  public final int write(ByteBuffer bytes) {
    throw byPositionOnly();
  }

  @Override
  public final long write(ByteBuffer[] bytes, int offset, int length) {
    throw byPositionOnly();
  }

  @Override
  public final long position() {
    throw byPositionOnly();
  }

  @Override
  public final FileChannel position(long position) {
    throw byPositionOnly();
  }

  @Override
  public final long transferFrom(ReadableByteChannel source, long position, long count) {
    throw byPositionOnly();
  }

  @Override
  public final MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException("nothing is mapped");
  }

  @Override
  public final FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException("folders are locked, not files");
  }

  @Override
  public final FileLock tryLock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException("folders are locked, not files");
  }

  private static UnsupportedOperationException byPositionOnly() {
    return new UnsupportedOperationException("by position only");
  }
}

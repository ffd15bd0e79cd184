package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/** A connection without a network: keeps what is sent, reads files as sendfile(2) would. */
final class FakeSocket extends EmbeddedChannel implements DuplexChannel {
  private ByteArrayOutputStream sent;
  private UnpooledByteBufAllocator allocator;
  private boolean outputShutdown;

  FakeSocket() {
    config().setAllocator(allocator());
  }

  // The constructor of the superclass calls back before fields are set.
  private UnpooledByteBufAllocator allocator() {
    if (allocator == null) {
      allocator = new UnpooledByteBufAllocator(false, true);
    }
    return allocator;
  }

  private ByteArrayOutputStream sink() {
    if (sent == null) {
      sent = new ByteArrayOutputStream();
    }
    return sent;
  }

  byte[] sent() {
    return sink().toByteArray();
  }

  /** Bytes of buffers that were not given back. */
  long lent() {
    return allocator().metric().usedDirectMemory() + allocator().metric().usedHeapMemory();
  }

  @Override
  protected void handleOutboundMessage(Object message) {
    try {
      switch (message) {
        case ByteBuf bytes -> bytes.readBytes(sink(), bytes.readableBytes());
        case FileRegion region -> transfer(region);
        default -> throw new IllegalStateException("sent a " + message);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      io.netty.util.ReferenceCountUtil.release(message);
    }
  }

  private void transfer(FileRegion region) throws IOException {
    WritableByteChannel to = Channels.newChannel(sink());
    while (region.transferred() < region.count()) {
      if (region.transferTo(to, region.transferred()) <= 0) {
        throw new IOException("the file is too short");
      }
    }
  }

  @Override
  public boolean isInputShutdown() {
    return false;
  }

  @Override
  public ChannelFuture shutdownInput() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ChannelFuture shutdownInput(ChannelPromise promise) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShutdown;
  }

  @Override
  public ChannelFuture shutdownOutput() {
    return shutdownOutput(newPromise());
  }

  @Override
  public ChannelFuture shutdownOutput(ChannelPromise promise) {
    outputShutdown = true;
    return promise.setSuccess();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public ChannelFuture shutdown() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ChannelFuture shutdown(ChannelPromise promise) {
    throw new UnsupportedOperationException();
  }
}

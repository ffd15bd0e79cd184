package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * Counts frames as they are read, before anything else is made of them: also those of streams that
 * have ended, which nobody behind it is told of. On the connection's event loop only.
 */
final class CountedFrames implements Http2FrameReader {
  private final Http2FrameReader reader;
  private final FrameBudget budget;
  private @Nullable Http2FrameListener told;
  private @Nullable Http2FrameListener counting;

  CountedFrames(Http2FrameReader reader, FrameBudget budget) {
    this.reader = reader;
    this.budget = budget;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the decoder changes its listener once
  public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
      throws Http2Exception {
    Http2FrameListener to = counting;
    if (to == null || told != listener) {
      to = new Counting(listener, budget);
      counting = to;
      told = listener;
    }
    reader.readFrame(ctx, input, to);
  }

  @Override
  public Configuration configuration() {
    return reader.configuration();
  }

  @Override
  public void close() {
    reader.close();
  }

  private static final class Counting extends Http2FrameListenerDecorator {
    private final FrameBudget budget;

    Counting(Http2FrameListener listener, FrameBudget budget) {
      super(listener);
      this.budget = budget;
    }

    private void count(Http2Fault kind) throws Http2Exception {
      budget.spend(kind, System.nanoTime());
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean end)
        throws Http2Exception {
      budget.data(data.readableBytes(), end);
      return super.onDataRead(ctx, stream, data, padding, end);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int stream, long error)
        throws Http2Exception {
      count(Http2Fault.RESETS);
      super.onRstStreamRead(ctx, stream, error);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
        throws Http2Exception {
      count(Http2Fault.SETTINGS);
      super.onSettingsRead(ctx, settings);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
      count(Http2Fault.SETTINGS);
      super.onSettingsAckRead(ctx);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      count(Http2Fault.PINGS);
      super.onPingRead(ctx, data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      count(Http2Fault.PINGS);
      super.onPingAckRead(ctx, data);
    }

    @Override
    public void onPriorityRead(
        ChannelHandlerContext ctx, int stream, int dependency, short weight, boolean exclusive)
        throws Http2Exception {
      count(Http2Fault.OTHER_FRAMES);
      super.onPriorityRead(ctx, stream, dependency, weight, exclusive);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int last, long error, ByteBuf debug)
        throws Http2Exception {
      count(Http2Fault.OTHER_FRAMES);
      super.onGoAwayRead(ctx, last, error, debug);
    }

    @Override
    public void onUnknownFrame(
        ChannelHandlerContext ctx, byte type, int stream, Http2Flags flags, ByteBuf payload)
        throws Http2Exception {
      count(Http2Fault.OTHER_FRAMES);
      super.onUnknownFrame(ctx, type, stream, flags, payload);
    }
  }
}

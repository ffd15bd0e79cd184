package oca.server.pull;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.ByteRange;
import oca.server.caching.ContentRange;
import oca.server.caching.Partials;
import oca.server.caching.StoredResponse;
import oca.server.upstream.Question;
import oca.server.upstream.UpstreamFailure;
import oca.server.upstream.UpstreamHead;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;

/**
 * Fetches an object of which only parts are kept, by aligned slices, as its readers come to them:
 * each slice once, however many want it, and no more in one request than a reader wants. A part of
 * another representation than those before drops them all. On the target's event loop, but for
 * {@link #want}.
 */
final class Slices {
  /** The most that one request asks for. */
  private static final int MOST = 16;

  private static final Pattern FIRST =
      Pattern.compile("bytes=[ \t]*(\\d{1,15})-(\\d{0,15})(?!\\d)", Pattern.CASE_INSENSITIVE);

  private final Resource resource;
  private final PulledObject object;
  private final Arrivals arrivals;
  private final StoredResponse response;
  private final Question question;
  private final BitSet inFlight = new BitSet();
  private int firstBrought;
  private int lastBrought;

  /**
   * @param response by whose validator parts belong together
   * @param question what was asked for the first part; others differ in Range alone
   */
  Slices(
      Resource resource,
      PulledObject object,
      Arrivals arrivals,
      StoredResponse response,
      Question question) {
    this.resource = resource;
    this.object = object;
    this.arrivals = arrivals;
    this.response = response;
    this.question = question;
  }

  /**
   * The aligned range of the first range that a request lists; null when that cannot be told
   * without the length of the whole.
   *
   * @param range Range, or null without one
   * @param slice in bytes
   */
  static @Nullable ByteRange around(@Nullable String range, int slice) {
    Matcher first = range == null ? null : FIRST.matcher(range);
    if (first == null || !first.lookingAt()) {
      return null;
    }
    long from = Long.parseLong(first.group(1)) / slice;
    String end = first.group(2);
    long to = end.isEmpty() ? from : Math.max(from, Long.parseLong(end) / slice);
    return new ByteRange(from * slice, (Math.min(to, from + MOST - 1) + 1) * slice - 1);
  }

  /** What was asked for the first part. */
  Question question() {
    return question;
  }

  /** The first fetch brings these slices. */
  void isBringing(int first, int last) {
    firstBrought = first;
    lastBrought = last;
    inFlight.set(first, last + 1);
  }

  /** It has. */
  void brought() {
    inFlight.clear(firstBrought, lastBrought + 1);
  }

  /** It brings no more of them. */
  void lost(String why) {
    brought();
    arrivals.failed(firstBrought, lastBrought, why);
  }

  /**
   * A reader waits for a byte. On any thread.
   *
   * @param to behind the last byte that it will want
   */
  void want(long from, long to) {
    EventLoop loop = resource.loop();
    if (loop.inEventLoop()) {
      fetch(from, to);
    } else {
      loop.execute(() -> fetch(from, to));
    }
  }

  private void fetch(long from, long to) {
    int slice = object.sliceBytes();
    int first = (int) (from / slice);
    BitSet whole = object.wholeSlices();
    if (inFlight.get(first) || whole.get(first) || object.isDropped()) {
      return;
    }
    int end = (int) ((Math.min(to, object.length()) + slice - 1) / slice);
    int last = first;
    while (last + 1 < Math.min(end, first + MOST)
        && !inFlight.get(last + 1)
        && !whole.get(last + 1)) {
      last++;
    }
    inFlight.set(first, last + 1);
    new Part(first, last).start();
  }

  /** Bytes of these slices that were there before: a fetch that ended within one goes on there. */
  private final class Part implements Flight.Landing {
    private final int first;
    private final int last;
    private final ByteRange range;
    private final Flight flight;

    Part(int first, int last) {
      this.first = first;
      this.last = last;
      long slice = object.sliceBytes();
      long begin = first * slice;
      // What an earlier fetch left of the first slice is not asked for again.
      long from = begin + Math.min(slice - 1, object.readable(begin));
      this.range = new ByteRange(from, Math.min((last + 1) * slice, object.length()) - 1);
      Question part =
          Question.get(
              question.target(),
              question.fields().with("Range", "bytes=" + range.first() + '-' + range.last()),
              question.affinity());
      this.flight =
          new Flight(
              resource.loop(),
              resource.service().upstreams(),
              part,
              resource.service().config().limits(),
              this);
    }

    void start() {
      flight.start();
    }

    @Override
    public Flight.@Nullable Target head(UpstreamHead head) {
      ContentRange place = ContentRange.of(head.fields());
      if (head.status() == 206
          && place != null
          && place.range().equals(range)
          && Partials.mayCombine(response.fields(), head.fields())) {
        arrivals.coming(first, last);
        return new Flight.Target(object, arrivals, range.first(), range.last());
      }
      over();
      if (head.status() == 200 || head.status() == 206 || head.status() == 416) {
        // It is another representation by now, and what is kept is of no use.
        resource.changed(object, "changed");
        arrivals.failed("changed");
      } else {
        arrivals.failed(first, last, UpstreamFailure.ERROR_STATUS.label());
      }
      return null;
    }

    private void over() {
      inFlight.clear(first, last + 1);
    }

    @Override
    public void landed() {
      over();
    }

    @Override
    public void lost(UpstreamFailure failure, Duration retryAfter, boolean hadHead) {
      over();
      resource.service().tally().failed(failure);
      arrivals.failed(first, last, failure.label());
    }
  }
}

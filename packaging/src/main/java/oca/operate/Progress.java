package oca.operate;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Tells how far something is: one line that is written over on a terminal, else a line now and
 * then.
 */
final class Progress {
  private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintWriter out;
  private final Style style;
  private final Watch watch;
  private long told = Long.MIN_VALUE;
  private boolean isOpen;

  Progress(PrintWriter out, Style style, Watch watch) {
    this.out = out;
    this.style = style;
    this.watch = watch;
  }

  void tell(String line) {
    String cut = line.length() < style.width() ? line : line.substring(0, style.width() - 1);
    if (style.isTerminal()) {
      out.print("\r" + cut + "\u001b[K");
      isOpen = true;
    } else if (told == Long.MIN_VALUE || watch.getAsLong() - told >= QUIET_NANOS) {
      told = watch.getAsLong();
      out.println(cut);
    }
    out.flush();
  }

  /** Ends the line that is written over. */
  void end() {
    if (isOpen) {
      out.println();
      out.flush();
      isOpen = false;
    }
  }
}

package oca.flame;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import oca.flame.Profile.Happening;

/** A minute of an appliance, made by a seed: busy in its middle, with a stall of 300 ms in it. */
public final class PlayedProfile {
  private static final List<List<String>> STACKS =
      List.of(
          List.of(
              "[serve]",
              "io.netty.channel.uring.IoUringIoHandler.run",
              "oca.server.http.Http1Connection.channelRead",
              "oca.server.http.Exchange.plan",
              "oca.store.DiskStore.lookup"),
          List.of(
              "[serve]",
              "io.netty.channel.uring.IoUringIoHandler.run",
              "oca.server.http.Http1Connection.channelRead",
              "oca.server.http.UringBody.send"),
          List.of("[fill]", "oca.server.fill.FillWorker.run", "java.security.MessageDigest.update"),
          List.of("[read]", "oca.server.http.DiskReader.run", "oca.server.http.PageCache.fetch"));

  private PlayedProfile() {}

  /** The page of one. */
  public static String page() throws java.io.IOException {
    return FlamePage.of("20261123T074013Z-first-byte.jfr", profile());
  }

  private static Profile profile() {
    Stacks stacks = new Stacks(1000);
    List<Integer> leaves = new ArrayList<>();
    for (List<String> frames : STACKS) {
      int node = stacks.root();
      for (String frame : frames) {
        node = stacks.child(node, frame);
      }
      leaves.add(node);
    }
    Random random = new Random(7);
    List<int[]> samples = new ArrayList<>();
    List<int[]> load = new ArrayList<>();
    for (int ms = 0; ms < 60_000; ms += 5) {
      double busy = 0.2 + 0.6 * Math.exp(-Math.pow((ms - 32_000) / 8000.0, 2));
      boolean isStalled = ms > 31_000 && ms < 31_300;
      if (!isStalled && random.nextDouble() < busy) {
        int which = random.nextInt(10);
        int leaf = leaves.get(which < 5 ? 0 : which < 8 ? 1 : which < 9 ? 2 : 3);
        samples.add(new int[] {ms, leaf, which == 7 ? 1 : which == 9 ? 2 : 0});
      }
      if (ms % 1000 == 0) {
        load.add(new int[] {ms, (int) (busy * 800), (int) (busy * 1000)});
      }
    }
    return new Profile(
        Instant.parse("2026-11-23T07:39:13Z"),
        60_000,
        stacks.frames(),
        stacks.parents(),
        stacks.names(),
        samples,
        load,
        List.of(
            new Happening(31_300, 300_000, "GC pause", "GC Pause"),
            new Happening(31_310, 310_000, "slow answer", "206 bfabd0c0"),
            new Happening(31_400, 0, "missed", "first-byte")),
        List.of());
  }
}

package oca.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A demo title shown several times over as one title: a minute is fetched before anything can
 * happen to an appliance. The fragments are repeated with their decode times and numbers moved on
 * (ISO/IEC 14496-12: tfdt, mfhd), the segment index and the playlists are written anew.
 */
final class LongTitle {
  private static final List<String> TRACKS = List.of("v0", "v1", "v2", "a0");
  private static final int BOX_HEAD = 8;

  /** One fragment of a track. */
  private record Segment(byte[] bytes, long ticks) {}

  /** A track: what stands before its index, the ticks of a second, and its fragments. */
  private record Track(byte[] head, int timescale, byte[] index, List<Segment> segments) {
    long ticks() {
      return segments.stream().mapToLong(Segment::ticks).sum();
    }
  }

  private LongTitle() {}

  /**
   * Writes the files of a title.
   *
   * @param from of the demo's titles
   * @param times how often it is shown, one after the other
   */
  static void write(Path from, Path to, int times) throws IOException {
    Files.createDirectories(to);
    String mpd = Files.readString(from.resolve("manifest.mpd"));
    for (String name : TRACKS) {
      Track track = read(Files.readAllBytes(from.resolve(name + ".mp4")));
      byte[] index = index(track, times);
      Files.write(to.resolve(name + ".mp4"), media(track, index, times));
      Files.writeString(to.resolve(name + ".m3u8"), playlist(name, track, index.length, times));
      String range = "indexRange=\"" + track.head().length + "-";
      mpd =
          mpd.replace(
              range + (track.head().length + track.index().length - 1) + "\"",
              range + (track.head().length + index.length - 1) + "\"");
    }
    Files.writeString(to.resolve("manifest.mpd"), mpd.replace("PT60S", "PT" + 60 * times + "S"));
    Files.copy(from.resolve("master.m3u8"), to.resolve("master.m3u8"));
  }

  private static Track read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file);
    int at = 0;
    while (!type(in, at).equals("sidx")) {
      at += in.getInt(at);
    }
    byte[] head = slice(file, 0, at);
    byte[] index = slice(file, at, in.getInt(at));
    ByteBuffer sidx = ByteBuffer.wrap(index);
    if (sidx.get(BOX_HEAD) != 1) {
      throw new IllegalArgumentException("a segment index of version 1 was expected");
    }
    List<Segment> segments = new ArrayList<>();
    int references = sidx.getShort(BOX_HEAD + 30);
    at += index.length;
    for (int i = 0; i < references; i++) {
      int entry = BOX_HEAD + 32 + 12 * i;
      int size = sidx.getInt(entry) & 0x7fffffff;
      segments.add(new Segment(slice(file, at, size), sidx.getInt(entry + 4)));
      at += size;
    }
    return new Track(head, sidx.getInt(BOX_HEAD + 8), index, segments);
  }

  private static byte[] index(Track track, int times) {
    int size = BOX_HEAD + 32 + 12 * track.segments().size() * times;
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put(track.index(), 0, BOX_HEAD + 32);
    out.putInt(0, size);
    out.putShort(BOX_HEAD + 30, (short) (track.segments().size() * times));
    for (int round = 0; round < times; round++) {
      out.put(track.index(), BOX_HEAD + 32, track.index().length - BOX_HEAD - 32);
    }
    return out.array();
  }

  private static byte[] media(Track track, byte[] index, int times) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(track.head());
    out.write(index);
    for (int round = 0; round < times; round++) {
      for (Segment segment : track.segments()) {
        byte[] moved = segment.bytes().clone();
        moveOn(ByteBuffer.wrap(moved), round * track.segments().size(), round * track.ticks());
        out.write(moved);
      }
    }
    return out.toByteArray();
  }

  /** Within moof: mfhd, then traf with tfhd and tfdt. */
  private static void moveOn(ByteBuffer segment, int number, long ticks) {
    int mfhd = BOX_HEAD;
    segment.putInt(mfhd + 12, segment.getInt(mfhd + 12) + number);
    int traf = mfhd + segment.getInt(mfhd);
    int tfdt = traf + BOX_HEAD;
    while (!type(segment, tfdt).equals("tfdt")) {
      tfdt += segment.getInt(tfdt);
    }
    segment.putLong(tfdt + 12, segment.getLong(tfdt + 12) + ticks);
  }

  private static String playlist(String name, Track track, int indexLength, int times) {
    StringBuilder out =
        new StringBuilder(
            """
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-TARGETDURATION:2
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MAP:URI="%s.mp4",BYTERANGE="%d@0"
            """
                .formatted(name, track.head().length));
    long at = (long) track.head().length + indexLength;
    for (int round = 0; round < times; round++) {
      for (Segment segment : track.segments()) {
        double seconds = (double) segment.ticks() / track.timescale();
        out.append(
            String.format(
                Locale.ROOT,
                "#EXTINF:%.6f,%n#EXT-X-BYTERANGE:%d@%d%n%s.mp4%n",
                seconds,
                segment.bytes().length,
                at,
                name));
        at += segment.bytes().length;
      }
    }
    return out.append("#EXT-X-ENDLIST\n").toString();
  }

  private static String type(ByteBuffer in, int at) {
    byte[] name = new byte[4];
    in.get(at + 4, name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  private static byte[] slice(byte[] from, int at, int length) {
    byte[] part = new byte[length];
    System.arraycopy(from, at, part, 0, length);
    return part;
  }
}

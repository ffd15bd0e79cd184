package oca.steering.geo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oca.model.Address;
import oca.model.Prefix;

/**
 * Writes databases in MaxMind's format 2.0: a binary tree of 24-bit records over 128 bits, where
 * IPv4 is the network {@code ::/96}, and maps that its leaves point to.
 */
public final class MaxMindFile {
  private static final int EMPTY = -1;
  private static final int RECORD_BYTES = 3;
  private static final byte[] MARKER = {
    (byte) 0xab, (byte) 0xcd, (byte) 0xef, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
  };

  /** Left and right: another node, {@link #EMPTY}, or -2 and below for an offset into the data. */
  private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));

  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private long built = 1_700_000_000L;

  public MaxMindFile built(long epochSecond) {
    built = epochSecond;
    return this;
  }

  /** A network and where it is, with what such files say besides. */
  public MaxMindFile place(String network, double latitude, double longitude, int radius) {
    Map<String, Object> location = new LinkedHashMap<>();
    location.put("accuracy_radius", radius);
    location.put("latitude", latitude);
    location.put("longitude", longitude);
    location.put("time_zone", "Europe/Berlin");
    return record(network, Map.of("location", location, "country", Map.of("iso_code", "DE")));
  }

  /** A network and a record of any content: maps, strings, doubles and ints from 0 to 65535. */
  public MaxMindFile record(String network, Map<String, ?> record) {
    int offset = data.size();
    write(data, record);
    Prefix prefix = Prefix.parse(network);
    Address address = prefix.network();
    int depth = (address.v4() ? 96 : 0) + prefix.length();
    int node = 0;
    for (int i = 0; i < depth; i++) {
      int side = bit(address, i);
      if (i == depth - 1) {
        nodes.get(node)[side] = -2 - offset;
        return this;
      }
      if (nodes.get(node)[side] < 0) {
        nodes.get(node)[side] = nodes.size();
        nodes.add(new int[] {EMPTY, EMPTY});
      }
      node = nodes.get(node)[side];
    }
    return this;
  }

  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int[] node : nodes) {
      for (int side : node) {
        int value = side >= 0 ? side : nodes.size() + (side == EMPTY ? 0 : 16 - 2 - side);
        out.write(ByteBuffer.allocate(Integer.BYTES).putInt(value).array(), 1, RECORD_BYTES);
      }
    }
    out.writeBytes(new byte[16]);
    out.writeBytes(data.toByteArray());
    out.writeBytes(MARKER);
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("node_count", nodes.size());
    about.put("record_size", 8 * RECORD_BYTES);
    about.put("ip_version", 6);
    about.put("database_type", "Test-City");
    about.put("languages", List.of("en"));
    about.put("binary_format_major_version", 2);
    about.put("binary_format_minor_version", 0);
    about.put("build_epoch", built);
    about.put("description", Map.of("en", "for tests"));
    write(out, about);
    return out.toByteArray();
  }

  public Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  /** Bit i of an IPv6 address, or of an IPv4 one behind 96 zeros. */
  private static int bit(Address address, int i) {
    if (address.v4()) {
      return i < 96 ? 0 : (int) (address.high() >>> (63 - (i - 96)) & 1);
    }
    return (int) ((i < 64 ? address.high() : address.low()) >>> (63 - (i & 63)) & 1);
  }

  private static void write(ByteArrayOutputStream out, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        control(out, 7, map.size());
        map.forEach(
            (name, each) -> {
              write(out, name);
              write(out, each);
            });
      }
      case List<?> list -> {
        control(out, 11, list.size());
        list.forEach(each -> write(out, each));
      }
      case String text -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        control(out, 2, bytes.length);
        out.writeBytes(bytes);
      }
      case Double number -> {
        control(out, 3, Double.BYTES);
        out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(number).array());
      }
      case Integer number -> {
        control(out, 6, Integer.BYTES);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
      }
      case Long number -> {
        control(out, 9, Long.BYTES);
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
      }
      default -> throw new IllegalArgumentException("cannot be written: " + value);
    }
  }

  private static void control(ByteArrayOutputStream out, int type, int size) {
    if (size >= 29) {
      throw new IllegalArgumentException("too long to be written: " + size);
    }
    out.write((type <= 7 ? type << 5 : 0) | size);
    if (type > 7) {
      out.write(type - 7);
    }
  }
}

package oca.steering.routes;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import oca.model.Address;
import oca.model.Prefix;

/** Writes dumps octet by octet as RFC 6396 and RFC 8050 draw them. */
public final class MrtWriter {
  /** One path in a RIB record. */
  public record Entry(int peer, long pathId, byte[] attributes) {}

  /** Writes into a buffer, which never fails. */
  interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  private final ByteArrayOutputStream dump = new ByteArrayOutputStream();

  static byte[] bytes(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      body.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** An attribute with a length of one octet, or of two. */
  static byte[] attribute(int type, byte[] value) {
    boolean isLong = value.length > 255;
    return bytes(
        out -> {
          out.writeByte(0x40 | (isLong ? 0x10 : 0));
          out.writeByte(type);
          if (isLong) {
            out.writeShort(value.length);
          } else {
            out.writeByte(value.length);
          }
          out.write(value);
        });
  }

  /** A segment of an AS_PATH: 1 set, 2 sequence, 3 and 4 the same of a confederation. */
  static byte[] segment(int type, long... ases) {
    return bytes(
        out -> {
          out.writeByte(type);
          out.writeByte(ases.length);
          for (long as : ases) {
            out.writeInt((int) as);
          }
        });
  }

  static byte[] med(long med) {
    return attribute(4, bytes(out -> out.writeInt((int) med)));
  }

  static byte[] join(byte[]... parts) {
    return bytes(
        out -> {
          for (byte[] part : parts) {
            out.write(part);
          }
        });
  }

  /** ORIGIN, AS_PATH of one sequence, NEXT_HOP and MED, as a router sends them. */
  public static byte[] attributes(long med, long... ases) {
    return join(
        attribute(1, new byte[] {0}),
        attribute(2, segment(2, ases)),
        attribute(3, new byte[] {10, 0, 0, 1}),
        med(med));
  }

  MrtWriter record(int type, int subtype, byte[] body) {
    dump.writeBytes(
        bytes(
            out -> {
              out.writeInt(1_700_000_000);
              out.writeShort(type);
              out.writeShort(subtype);
              out.writeInt(body.length);
              out.write(body);
            }));
    return this;
  }

  /** The index: peers of both families, their ASes with two octets and four in turn. */
  public MrtWriter index(String... peers) {
    return record(
        13,
        1,
        bytes(
            out -> {
              out.writeInt(0x0a00_0001);
              out.writeShort(4);
              out.writeBytes("view");
              out.writeShort(peers.length);
              for (int i = 0; i < peers.length; i++) {
                Address address = Address.parse(peers[i]);
                boolean wide = i % 2 == 1;
                out.writeByte((address.v4() ? 0 : 1) | (wide ? 2 : 0));
                out.writeInt(i);
                write(out, address, address.bits() / 8);
                if (wide) {
                  out.writeInt(64_500);
                } else {
                  out.writeShort(64_500);
                }
              }
            }));
  }

  public MrtWriter rib(String prefix, Entry... entries) {
    return rib(false, prefix, entries);
  }

  public MrtWriter rib(boolean withPathIds, String text, Entry... entries) {
    Prefix prefix = Prefix.parse(text);
    int subtype = (prefix.network().v4() ? 2 : 4) + (withPathIds ? 6 : 0);
    return record(
        13,
        subtype,
        bytes(
            out -> {
              out.writeInt(7);
              out.writeByte(prefix.length());
              write(out, prefix.network(), (prefix.length() + 7) / 8);
              out.writeShort(entries.length);
              for (Entry entry : List.of(entries)) {
                out.writeShort(entry.peer());
                out.writeInt(1_600_000_000);
                if (withPathIds) {
                  out.writeInt((int) entry.pathId());
                }
                out.writeShort(entry.attributes().length);
                out.write(entry.attributes());
              }
            }));
  }

  public byte[] dump() {
    return dump.toByteArray();
  }

  public byte[] gzip() {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      dump.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static void write(DataOutputStream out, Address address, int octets) throws IOException {
    for (int i = 0; i < octets; i++) {
      out.writeByte(
          (int) (i < 8 ? address.high() >>> (56 - 8 * i) : address.low() >>> (120 - 8 * i)));
    }
  }
}

package oca.server.pull;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import oca.server.purge.Kind;
import oca.server.purge.PurgeConfig;
import oca.server.purge.Purges;
import oca.server.purge.Rule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators ordered, as it outlives a clean stop: without it nothing that is kept may be used
 * again, since nobody would know what of it was purged. Like the store's index it is there between
 * a clean stop and the next start only, and nothing is synced.
 *
 * @param generation of the last purge; no object that is kept has a later stamp
 * @param rules the purges that still matter
 * @param versions of live events that are not as they were configured
 */
record Ledger(long generation, List<Rule> rules, List<Version> versions) {
  private static final Logger log = LoggerFactory.getLogger(Ledger.class);
  private static final String NAME = "orders";
  private static final int FORMAT = 1;

  /**
   * A version that was ordered. It counts as long as the configuration says what it said then: who
   * changes it there wants that one.
   */
  record Version(String service, String event, String configured, String version) {}

  Ledger {
    rules = List.copyOf(rules);
    versions = List.copyOf(versions);
  }

  /** The purges as they stood; null when the limits of today have no room for them. */
  @Nullable Purges purges(PurgeConfig limits) {
    try {
      return Purges.of(limits, rules, generation);
    } catch (IllegalArgumentException e) {
      log.warn("nothing that is kept is used again, purges are lost: {}", e.getMessage());
      return null;
    }
  }

  /** Writes it into the folder. */
  void write(Path folder) throws IOException {
    Path made = folder.resolve(NAME + ".new");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(made)))) {
      out.writeInt(FORMAT);
      out.writeLong(generation);
      out.writeInt(rules.size());
      for (Rule rule : rules) {
        out.writeLong(rule.generation());
        out.writeUTF(rule.service());
        out.writeUTF(rule.kind().key());
        out.writeUTF(rule.target());
        out.writeBoolean(rule.soft());
      }
      out.writeInt(versions.size());
      for (Version one : versions) {
        out.writeUTF(one.service);
        out.writeUTF(one.event);
        out.writeUTF(one.configured);
        out.writeUTF(one.version);
      }
    }
    Files.move(made, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes what the last stop left out of the folder; null when there is none, or none to read. */
  static @Nullable Ledger take(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return null;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      return read(in);
    } catch (IOException | IllegalArgumentException e) {
      log.warn("{} cannot be read, so nothing that is kept is used again: {}", file, e.toString());
      return null;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Ledger read(DataInputStream in) throws IOException {
    if (in.readInt() != FORMAT) {
      throw new IOException("of another version");
    }
    long generation = in.readLong();
    List<Rule> rules = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      rules.add(
          new Rule(
              in.readLong(), in.readUTF(), kind(in.readUTF()), in.readUTF(), in.readBoolean()));
    }
    List<Version> versions = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      versions.add(new Version(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF()));
    }
    if (in.read() >= 0) {
      throw new IOException("longer than it says");
    }
    return new Ledger(generation, rules, versions);
  }

  private static Kind kind(String key) throws IOException {
    for (Kind kind : Kind.values()) {
      if (kind.key().equals(key)) {
        return kind;
      }
    }
    throw new IOException("no kind of purge: " + key);
  }
}

package oca.server.authorize;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import oca.config.ConfigException;
import oca.protocol.token.KeyFile;
import oca.protocol.token.KeyRing;
import oca.protocol.token.SigningKey;

/**
 * The authorizer in force, and its replacement when the key file changes.
 *
 * <p>{@link #reload} is for a control thread and does not wait for the event loops; they read
 * {@link #get} once a request and see either the old keys or the new ones, whole.
 */
public final class LiveAuthorizer implements Supplier<UrlAuthorizer> {
  /** What became of a reload. */
  public sealed interface Reload {
    /**
     * The new keys are in force.
     *
     * @param keys their ids
     * @param warnings what an operator should know, a sentence each
     */
    record Replaced(List<String> keys, List<String> warnings) implements Reload {}

    /**
     * The old keys stay in force.
     *
     * @param why every problem of the new file with its place, one a line
     */
    record Kept(String why) implements Reload {}
  }

  private final AuthorizeConfig config;
  private final List<String> warnings;
  private volatile UrlAuthorizer current;

  private LiveAuthorizer(AuthorizeConfig config, KeyRing keys, List<String> warnings) {
    this.config = config;
    this.warnings = warnings;
    this.current = new UrlAuthorizer(config, keys);
  }

  /**
   * Reads the key file, if there is one, and puts the policy in force.
   *
   * @throws ConfigException naming every problem of the key file
   */
  public static LiveAuthorizer open(AuthorizeConfig config) throws ConfigException {
    if (config.keyFile().isEmpty()) {
      return new LiveAuthorizer(config, KeyRing.EMPTY, List.of());
    }
    KeyFile file = KeyFile.read(config.keyFile().get());
    return new LiveAuthorizer(config, file.ring(), file.warnings());
  }

  /** The authorizer in force now; cheap, on any thread. */
  @Override
  public UrlAuthorizer get() {
    return current;
  }

  /** What an operator should change about the file that was read first, a sentence each. */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * Reads the key file again. If there is anything wrong with it, nothing changes.
   *
   * @param now tells which of the keys that are gone will be missed
   */
  public synchronized Reload reload(Instant now) {
    if (config.keyFile().isEmpty()) {
      return new Reload.Kept("no keyFile is configured");
    }
    KeyFile file;
    try {
      file = KeyFile.read(config.keyFile().get());
    } catch (ConfigException e) {
      return new Reload.Kept(String.valueOf(e.getMessage()));
    }
    List<String> told = new ArrayList<>(file.warnings());
    told.addAll(missed(current.keys(), file.ring(), now.getEpochSecond()));
    current = new UrlAuthorizer(config, file.ring());
    return new Reload.Replaced(
        file.ring().keys().stream().map(SigningKey::id).toList(), List.copyOf(told));
  }

  private static List<String> missed(KeyRing before, KeyRing after, long now) {
    return before.keys().stream()
        .filter(key -> key.isValidAt(now))
        .filter(
            key ->
                after.keys().stream()
                    .noneMatch(
                        other -> other.id().equals(key.id()) && other.key().equals(key.key())))
        .map(
            key ->
                "the key \""
                    + key.id()
                    + "\" is gone before its end, "
                    + Instant.ofEpochSecond(key.notAfterSecond())
                    + ": tokens made with it are refused from now on")
        .toList();
  }
}

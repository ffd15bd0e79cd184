package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import oca.config.ConfigFile;
import oca.config.ConfigInput;
import oca.config.Running;

/** The configuration of a process under test: a file, and settings over it that change. */
final class LiveProcess<T extends Record> {
  private final Path file;
  private final Class<T> type;
  private volatile List<String> settings = List.of();
  private final Running<T> running;

  LiveProcess(Path folder, String text, Class<T> type) throws Exception {
    this.file = Files.writeString(folder.resolve("process.yaml"), text);
    this.type = type;
    this.running =
        Running.start(
            () -> ConfigFile.load(new ConfigInput(this.file, Map.of(), settings), this.type), type);
  }

  Running<T> running() {
    return running;
  }

  /** As {@code oca config reload} does; all of it must have come into force. */
  void set(List<String> next) throws Exception {
    settings = next;
    assertEquals(List.of(), running.read(() -> {}).waiting());
  }
}

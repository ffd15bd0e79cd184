package oca.steering.registry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a file of H2. */
class RegistryH2Test extends RegistryContract {
  @TempDir Path folder;

  @Override
  ConnectionSource database() {
    return ConnectionSource.h2(folder.resolve("registry"));
  }

  @Test
  void open_fileInUse_isAFaultUntilItIsFree() {
    try (Registries second = new Registries(Optional.of(database()), 10, Map.of())) {
      try (Registries first = Registries.over(database())) {
        first.stored(Registries.register("north-1", "north", "192.0.2.1:80", null));
        second.registry.start(Duration.ZERO);
        await().until(() -> second.registry.status().failures() > 0);
        assertTrue(!second.registry.isLoaded());
      }
      await().until(second.registry::isLoaded);
      assertEquals(1, second.registry.book().last());
    }
  }

  @Test
  void h2_semicolonInTheName_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> ConnectionSource.h2(Path.of("a;INIT=x")));
  }
}

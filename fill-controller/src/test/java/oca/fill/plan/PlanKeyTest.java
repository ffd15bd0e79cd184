package oca.fill.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanKeyTest {
  @TempDir Path folder;

  @Test
  void openOrMake_firstTime_makesAFileThatOnlyItsOwnerReads() throws IOException {
    Path file = folder.resolve("key");
    PlanKey made = PlanKey.openOrMake(file);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    PlanKey again = PlanKey.openOrMake(file);
    assertEquals(made.publicKey(), again.publicKey());
    String signature = again.sign(7, "ab");
    assertTrue(PlanKey.isSignature(made.publicKey(), 7, "ab", signature));
    assertFalse(PlanKey.isSignature(made.publicKey(), 8, "ab", signature));
    assertFalse(PlanKey.isSignature(made.publicKey(), 7, "ac", signature));
    assertFalse(PlanKey.isSignature(made.publicKey(), 7, "ab", "no base64!"));
    PlanKey other = PlanKey.openOrMake(folder.resolve("other"));
    assertFalse(PlanKey.isSignature(other.publicKey(), 7, "ab", signature));
  }

  @Test
  void open_whatCannotBeUsed_namesFileAndRemedy() throws IOException {
    Path file = folder.resolve("key");
    refused(file, "does not exist");
    PlanKey.openOrMake(file);
    String whole = Files.readString(file);
    PlanKey.openOrMake(folder.resolve("other"));
    String other = Files.readString(folder.resolve("other"));
    Files.writeString(file, whole.substring(0, whole.indexOf("-----BEGIN PUBLIC")));
    refused(file, "has no PUBLIC KEY block");
    Files.writeString(
        file,
        whole.substring(0, whole.indexOf("-----BEGIN PUBLIC"))
            + other.substring(other.indexOf("-----BEGIN PUBLIC")));
    refused(file, "do not fit each other");
    Files.writeString(file, whole.replaceAll("(?m)^M.*$", "AAAA"));
    refused(file, "is no Ed25519 key");
    Files.writeString(file, whole);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    refused(file, "chmod 600");
  }

  private static void refused(Path file, String why) {
    IOException e = assertThrows(IOException.class, () -> PlanKey.open(file));
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }
}

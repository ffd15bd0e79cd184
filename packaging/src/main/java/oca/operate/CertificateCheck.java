package oca.operate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import oca.config.Effective.Setting;

/** Until when the certificates of the configurations are good. */
final class CertificateCheck implements Check {
  private static final Duration SOON = Duration.ofDays(14);
  private static final Duration VERY_SOON = Duration.ofDays(2);

  @Override
  public List<Finding> look(Machine machine) {
    List<Finding> found = new ArrayList<>();
    for (Setting setting : machine.configs().settings()) {
      if (setting.key().matches("(.*\\.)?(certificates|authorities)")
          && setting.value().startsWith("/")) {
        found.add(look(setting, machine.now()));
      }
    }
    return found;
  }

  private static Finding look(Setting setting, Instant now) {
    try (InputStream pem = Files.newInputStream(Path.of(setting.value()))) {
      Instant until =
          CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
              .map(CertificateCheck::until)
              .min(Comparator.naturalOrder())
              .orElseThrow(() -> new IOException("there is no certificate in it"));
      Duration left = Duration.between(now, until);
      String what =
          setting.value() + (left.isNegative() ? " has expired at " : " is good until ") + until;
      String fix = "replace it (" + setting.key() + "), then reload";
      if (left.compareTo(VERY_SOON) < 0) {
        return Finding.fail("certificate", what, fix);
      }
      return left.compareTo(SOON) < 0
          ? Finding.warn("certificate", what, fix)
          : Finding.ok("certificate", what);
    } catch (IOException | CertificateException e) {
      return Finding.fail(
          "certificate",
          setting.value() + " cannot be read: " + e.getMessage(),
          "see " + setting.key() + "; may this user read it?");
    }
  }

  private static Instant until(Certificate certificate) {
    return certificate instanceof X509Certificate x509
        ? x509.getNotAfter().toInstant()
        : Instant.MAX;
  }
}

package oca.bench.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A certificate for 127.0.0.1 that nobody signed, on P-256, in PEM files. */
record Certificate(Path certificate, Path privateKey) {

  /** Makes one by openssl(1), which is there wherever nginx with TLS is. */
  static Certificate make(Path folder) throws IOException {
    Certificate made =
        new Certificate(
            folder.resolve("certificate.pem").toAbsolutePath(),
            folder.resolve("key.pem").toAbsolutePath());
    Path log = folder.resolve("openssl.log");
    Process process =
        new ProcessBuilder(
                List.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-nodes",
                    "-days",
                    "30",
                    "-subj",
                    "/CN=127.0.0.1",
                    "-addext",
                    "subjectAltName=IP:127.0.0.1",
                    "-keyout",
                    made.privateKey.toString(),
                    "-out",
                    made.certificate.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("openssl made no certificate: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while openssl made a certificate", e);
    }
    return made;
  }
}

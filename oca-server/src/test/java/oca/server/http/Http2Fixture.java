package oca.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import oca.model.Endpoint;

/** Clients of HTTP/2, and the codes of RFC 9113, section 7. */
abstract class Http2Fixture extends ListenerFixture {
  static final int WIDE = 1 << 24;
  static final long NO_ERROR = 0;
  static final long PROTOCOL_ERROR = 1;
  static final long FLOW_CONTROL_ERROR = 3;
  static final long FRAME_SIZE_ERROR = 6;
  static final long REFUSED_STREAM = 7;
  static final long CANCEL = 8;
  static final long COMPRESSION_ERROR = 9;
  static final long ENHANCE_YOUR_CALM = 11;

  Http2Fixture(HttpConfig.Choice choice) {
    super(choice);
  }

  Http2Client h2c() throws IOException {
    return h2c(WIDE);
  }

  Http2Client h2c(int window) throws IOException {
    Endpoint to = (listener == null ? open() : listener).endpoint();
    return new Http2Client(RawClient.open(to, 0), window);
  }

  Endpoint openTls(String... lines) throws IOException {
    Path certificates = folder.resolve("chain.pem");
    Path key = folder.resolve("key.pem");
    TlsFixture.install("one", certificates, key);
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("tls: {listen: 127.0.0.1:0, certificates: %s, key: %s}".formatted(certificates, key));
    return open(all.toArray(String[]::new)).tlsEndpoint().orElseThrow();
  }

  byte[] publishMedium() throws IOException {
    byte[] bytes = new byte[3 << 20];
    new Random(7).nextBytes(bytes);
    Path file = Files.write(folder.resolve("medium"), bytes);
    source.publish("t/medium.mp4", file, 0, bytes.length, bytes.length);
    return bytes;
  }

  static byte[] literals(String... texts) {
    var section = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < texts.length; i++) {
      if (i % 2 == 0) {
        section.write(0);
      }
      section.write(texts[i].length());
      section.writeBytes(texts[i].getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    return section.toByteArray();
  }
}

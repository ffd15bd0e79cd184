package oca.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import oca.model.Endpoint;

/** Certificates for tests, which nobody should trust, and clients that trust anyone. */
final class TlsFixture {
  private TlsFixture() {}

  /** Puts a certificate and its key, of `one`, `two` or `rsa`, where they are configured. */
  static void install(String name, Path certificates, Path key) throws IOException {
    copy(name + ".pem", certificates);
    copy(name + "-key.pem", key);
  }

  static void copy(String resource, Path to) throws IOException {
    // At once, as who watches the file may look at any time.
    Path next = to.resolveSibling(to.getFileName() + ".next");
    try (InputStream in =
        Objects.requireNonNull(TlsFixture.class.getResourceAsStream(resource), resource)) {
      Files.copy(in, next, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(next, to, StandardCopyOption.ATOMIC_MOVE);
  }

  static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Credulous()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection that has shaken hands. */
  static SSLSocket connect(SSLContext context, Endpoint to, String version, String... alpn)
      throws IOException {
    return shakeHands(context, RawClient.open(to, 0), to, version, alpn);
  }

  static SSLSocket shakeHands(
      SSLContext context, Socket plain, Endpoint to, String version, String... alpn)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", to.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {version});
    parameters.setApplicationProtocols(alpn);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

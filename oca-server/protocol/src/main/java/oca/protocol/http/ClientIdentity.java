package oca.protocol.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import oca.protocol.pem.PemFile;

/** Credentials as they were read. Blocks on the disk. */
final class ClientIdentity {
  private static final char[] NO_PASSWORD = new char[0];
  private static final int LONGEST_TOKEN = 4096;

  private ClientIdentity() {}

  /** The value of Authorization; empty without a token. */
  static Optional<String> authorization(ControlCredentials credentials) throws IOException {
    if (credentials.token().isEmpty()) {
      return Optional.empty();
    }
    Path file = credentials.token().get();
    String token = new String(PemFile.bytes(file), StandardCharsets.ISO_8859_1).strip();
    boolean fit =
        !token.isEmpty()
            && token.length() <= LONGEST_TOKEN
            && token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!fit) {
      throw new IOException(file + " must hold one token, without blanks, and nothing else");
    }
    return Optional.of("Bearer " + token);
  }

  /** Has the client speak TLS with what is given, if anything is. */
  static void giveTo(HttpClient.Builder client, ControlCredentials credentials) throws IOException {
    if (credentials.certificates().isEmpty() && credentials.authorities().isEmpty()) {
      return;
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(credentials), authorities(credentials), null);
      client.sslContext(context);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up for the control plane: " + e.getMessage(), e);
    }
  }

  private static KeyManager[] keys(ControlCredentials credentials)
      throws IOException, GeneralSecurityException {
    if (credentials.certificates().isEmpty() || credentials.key().isEmpty()) {
      return new KeyManager[0];
    }
    PemFile.Identity identity =
        PemFile.identity(credentials.certificates().get(), credentials.key().get());
    KeyStore store = empty();
    store.setKeyEntry(
        "client", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager[] authorities(ControlCredentials credentials)
      throws IOException, GeneralSecurityException {
    KeyStore store = null;
    if (credentials.authorities().isPresent()) {
      store = empty();
      List<X509Certificate> all = PemFile.certificates(credentials.authorities().get());
      for (int i = 0; i < all.size(); i++) {
        store.setCertificateEntry("authority-" + i, all.get(i));
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}

package oca.server.http;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys of session tickets (RFC 5077; RFC 8446, section 4.6.1), drawn here and never written
 * anywhere: one that makes tickets, and the one before, which still reads them. They outlive a
 * certificate, so that a reload costs nobody a whole handshake. On one thread at a time.
 */
final class TicketKeys {
  private static final int PART = 16;

  private final SecureRandom random = new SecureRandom();
  private OpenSslSessionTicketKey current = draw();
  private @Nullable OpenSslSessionTicketKey before;

  private OpenSslSessionTicketKey draw() {
    byte[] bytes = new byte[3 * PART];
    random.nextBytes(bytes);
    return new OpenSslSessionTicketKey(
        Arrays.copyOf(bytes, PART),
        Arrays.copyOfRange(bytes, PART, 2 * PART),
        Arrays.copyOfRange(bytes, 2 * PART, 3 * PART));
  }

  /** Draws a new key; the one that made tickets up to now reads them until the next time. */
  void rotate() {
    before = current;
    current = draw();
  }

  /** Gives the keys to a provider. */
  void giveTo(OpenSslSessionContext sessions) {
    OpenSslSessionTicketKey old = before;
    if (old == null) {
      sessions.setTicketKeys(current);
    } else {
      sessions.setTicketKeys(current, old);
    }
  }
}

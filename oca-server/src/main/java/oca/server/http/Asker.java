package oca.server.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection.
 *
 * @param network what is kept of the address in records; see {@link ClientNetwork}
 * @param address 4 or 16 bytes, which tokens may be bound to; none when it is not known. Not to be
 *     written to
 */
@SuppressWarnings("ArrayRecordComponent") // of one connection, never compared
record Asker(String network, byte[] address) {

  static Asker of(@Nullable SocketAddress remote) {
    byte[] address =
        remote instanceof InetSocketAddress inet && !inet.isUnresolved()
            ? inet.getAddress().getAddress()
            : new byte[0];
    return new Asker(ClientNetwork.of(remote), address);
  }
}

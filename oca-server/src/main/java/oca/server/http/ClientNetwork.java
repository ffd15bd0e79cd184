package oca.server.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The part of a viewer's address that is kept: enough for a network, too little for a person. */
final class ClientNetwork {
  private static final int IPV4_BYTES = 3;
  private static final int IPV6_BYTES = 6;

  private ClientNetwork() {}

  /** The address with all but the first 24 bits (IPv4) or 48 bits (IPv6) set to zero. */
  static String of(@Nullable SocketAddress remote) {
    if (!(remote instanceof InetSocketAddress inet) || inet.isUnresolved()) {
      return "0.0.0.0";
    }
    byte[] bytes = inet.getAddress().getAddress();
    Arrays.fill(bytes, bytes.length == 4 ? IPV4_BYTES : IPV6_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 4 or 16 bytes is one", e);
    }
  }
}

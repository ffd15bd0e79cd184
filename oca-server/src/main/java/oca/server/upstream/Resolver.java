package oca.server.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks a host name up. May block; never called on an event loop. */
@FunctionalInterface
public interface Resolver {
  /**
   * By the system's resolver. Java remembers what it found for as long as the security property
   * {@code networkaddress.cache.ttl} says, 30 s unless it is set, and asks no earlier.
   */
  Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  /**
   * All addresses of the host, at least one.
   *
   * @throws UnknownHostException when there is none, or none can be found at present
   */
  List<InetAddress> addresses(String host) throws UnknownHostException;
}

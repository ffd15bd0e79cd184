package oca.server.http;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Listening sockets that the service manager keeps for us and passed to this process when it
 * started it, as sd_listen_fds(3) says. Such a socket outlives the process: while one process ends
 * and the next begins, new connections wait in its queue, so that a restart refuses none.
 *
 * <p>A socket is known by its port. It stays with who passed it; what is closed here is this
 * process's descriptor of it.
 *
 * <p>Not thread-safe.
 */
public final class InheritedSockets {
  /** The first passed descriptor, SD_LISTEN_FDS_START. */
  private static final int FIRST = 3;

  private static final int MOST = 64;

  private final List<Integer> descriptors;

  /** These, all of which listen. */
  InheritedSockets(List<Integer> descriptors) {
    this.descriptors = new ArrayList<>(descriptors);
  }

  /** None. */
  public static InheritedSockets none() {
    return new InheritedSockets(List.of());
  }

  /**
   * Those that were passed to this process, none if the variables are meant for another one.
   *
   * @param environment of this process: LISTEN_PID and LISTEN_FDS matter
   * @param pid of this process
   * @throws IOException when the variables contradict themselves; the message names them
   */
  public static InheritedSockets of(Map<String, String> environment, long pid) throws IOException {
    String addressee = environment.getOrDefault("LISTEN_PID", "");
    String number = environment.getOrDefault("LISTEN_FDS", "");
    if (!addressee.equals(Long.toString(pid)) || number.isEmpty()) {
      return none();
    }
    List<Integer> passed = new ArrayList<>();
    for (int i = 0; i < count(number); i++) {
      passed.add(FIRST + i);
    }
    return new InheritedSockets(passed);
  }

  private static int count(String number) throws IOException {
    try {
      int count = Integer.parseInt(number);
      if (count >= 0 && count <= MOST) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IOException("LISTEN_FDS must be 0 to " + MOST + ", not " + number);
  }

  /** Whether there is none, or none is left. */
  boolean isEmpty() {
    return descriptors.isEmpty();
  }

  /**
   * Takes the socket that listens on a port, if there is one; it is the caller's to close then.
   *
   * @throws IOException when two do, or one does not listen for connections of IP
   */
  OptionalInt take(int port) throws IOException {
    OptionalInt found = OptionalInt.empty();
    for (int descriptor : descriptors) {
      if (address(descriptor).getPort() == port) {
        if (found.isPresent()) {
          throw new IOException("two sockets were passed for port " + port + "; pass one");
        }
        found = OptionalInt.of(descriptor);
      }
    }
    if (found.isPresent()) {
      descriptors.remove(Integer.valueOf(found.getAsInt()));
    }
    return found;
  }

  /**
   * Sees that all were taken.
   *
   * @throws IOException when one is left: clients would connect to it and wait for ever
   */
  void refuseRest() throws IOException {
    if (!descriptors.isEmpty()) {
      throw new IOException(
          "a socket was passed for "
              + address(descriptors.getFirst())
              + ", but nothing is configured to listen there; set http.listen or http.tls.listen"
              + " to its port, or take it out of the socket unit");
    }
  }

  private static InetSocketAddress address(int descriptor) throws IOException {
    Throwable fault = Epoll.unavailabilityCause();
    if (fault != null) {
      throw new IOException("sockets cannot be taken over here: " + fault.getMessage(), fault);
    }
    InetSocketAddress address = null;
    try {
      address = new Socket(descriptor).localAddress();
    } catch (RuntimeException e) {
      throw new IOException(notListening(descriptor), e);
    }
    if (address == null) {
      throw new IOException(notListening(descriptor));
    }
    return address;
  }

  private static String notListening(int descriptor) {
    return "descriptor " + descriptor + " was passed, but is no socket that listens on an address";
  }
}

package oca.steering.routes;

import java.io.IOException;

/** Something that knows routes, and tells of them from {@link #start} until it is closed. */
public interface RouteSource extends AutoCloseable {
  /** Names it to operators: {@code bgp}, {@code bmp}, {@code mrt} or {@code static}. */
  String name();

  /**
   * Begins.
   *
   * @throws IOException when it cannot, such as for an address that is taken; the message names
   *     place and remedy
   */
  void start() throws IOException;

  /** Ends, and lets go of all that it fed. */
  @Override
  void close();
}

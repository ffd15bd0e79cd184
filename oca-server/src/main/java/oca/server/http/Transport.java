package oca.server.http;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The system interfaces over which connections can be served. */
enum Transport {
  IO_URING("io_uring"),
  EPOLL("epoll"),
  NIO("nio");

  private static final Logger log = LoggerFactory.getLogger(Transport.class);

  private final String label;

  Transport(String label) {
    this.label = label;
  }

  /** Why it cannot be used here, or null when it can. */
  @Nullable Throwable fault() {
    return switch (this) {
      case IO_URING -> IoUring.isAvailable() ? Sendfile.fault() : IoUring.unavailabilityCause();
      case EPOLL -> Epoll.isAvailable() ? null : Epoll.unavailabilityCause();
      case NIO -> null;
    };
  }

  String label() {
    return label;
  }

  IoHandlerFactory ioHandlers() {
    return switch (this) {
      case IO_URING -> IoUringIoHandler.newFactory();
      case EPOLL -> EpollIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  ServerSocketChannel newServerChannel() {
    return switch (this) {
      case IO_URING -> new IoUringServerSocketChannel();
      case EPOLL -> new EpollServerSocketChannel();
      case NIO -> new NioServerSocketChannel();
    };
  }

  /**
   * The transport for a choice.
   *
   * @throws IOException when the one that was asked for by name cannot be used here
   */
  static Transport choose(HttpConfig.Choice choice) throws IOException {
    return switch (choice) {
      case AUTO -> best();
      case IO_URING -> demand(IO_URING);
      case EPOLL -> demand(EPOLL);
      case NIO -> NIO;
    };
  }

  /**
   * The transport for sockets that another process made. On io_uring Netty takes none that it did
   * not open itself.
   *
   * @throws IOException when another transport was asked for by name, or there is no epoll
   */
  static Transport forInherited(HttpConfig.Choice choice) throws IOException {
    return switch (choice) {
      case AUTO, EPOLL -> demand(EPOLL);
      case IO_URING, NIO ->
          throw new IOException(
              "transport "
                  + choice.name().toLowerCase(Locale.ROOT)
                  + " cannot take over a socket that was passed; choose auto or epoll, or start"
                  + " without the socket unit");
    };
  }

  private static Transport best() {
    for (Transport transport : values()) {
      Throwable fault = transport.fault();
      if (fault == null) {
        log.info("serving over {}", transport.label);
        return transport;
      }
      log.info("{} cannot be used here: {}", transport.label, innermost(fault));
    }
    throw new IllegalStateException("NIO is on every Java platform");
  }

  private static Transport demand(Transport transport) throws IOException {
    Throwable fault = transport.fault();
    if (fault != null) {
      throw new IOException(
          "transport "
              + transport.label
              + " cannot be used here; choose auto to take the best there is: "
              + innermost(fault),
          fault);
    }
    return transport;
  }

  private static Throwable innermost(Throwable fault) {
    Throwable cause = fault;
    for (Throwable next = fault.getCause(); next != null; next = next.getCause()) {
      cause = next;
    }
    return cause;
  }
}

package oca.server.http;

/** A connection that can be ended politely. On its event loop only. */
interface Drainable {
  /** Ends the connection after what it is answering, now if that is nothing. */
  void drain();
}

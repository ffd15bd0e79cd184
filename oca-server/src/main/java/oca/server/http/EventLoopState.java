package oca.server.http;

import oca.server.authorize.Verifier;
import oca.server.cmcd.CmcdParser;

/** What the connections of one event loop share because only one of them is at work at a time. */
final class EventLoopState {
  private final Sendfile calls = new Sendfile();
  private final KnownPaths paths;
  private final Turns turns = new Turns();
  private final PageCache pages;
  private final PieceReader pieces;
  private final Verifier verifier;
  private final CmcdParser cmcd;
  private final HeadParser parser;
  private final Http2Requests http2Requests;

  EventLoopState(Serving serving) {
    this.pages = serving.residency().newCache();
    this.pieces = new PieceReader(calls, serving.residency(), pages);
    this.paths = new KnownPaths(serving.pulls()::serves);
    this.verifier = new Verifier(serving.keys());
    this.cmcd = new CmcdParser(() -> serving.config().cmcd());
    this.parser = new HeadParser(() -> serving.config().maxFields(), paths);
    this.http2Requests = new Http2Requests(() -> serving.config().maxFields(), paths);
  }

  Sendfile calls() {
    return calls;
  }

  Turns turns() {
    return turns;
  }

  PageCache pages() {
    return pages;
  }

  PieceReader pieces() {
    return pieces;
  }

  Verifier verifier() {
    return verifier;
  }

  CmcdParser cmcd() {
    return cmcd;
  }

  KnownPaths paths() {
    return paths;
  }

  HeadParser parser() {
    return parser;
  }

  Http2Requests http2Requests() {
    return http2Requests;
  }
}

package oca.bench.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** A server under test that runs, in processes of its own. */
sealed interface Server extends AutoCloseable permits OurServer, NginxServer {
  /** As on the command line. */
  String name();

  int port();

  /** All its processes. */
  List<Long> pids();

  /** Where the file that it serves lies, somewhere. */
  Path data();

  /** What all its threads have allocated so far, in bytes, where that can be told. */
  OptionalLong allocated() throws IOException;

  /** How many seconds of load it takes until it is as fast as it gets. */
  double warmUpSeconds();

  @Override
  void close();
}

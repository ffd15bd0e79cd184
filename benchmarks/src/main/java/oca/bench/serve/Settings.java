package oca.bench.serve;

import java.nio.file.Path;

/**
 * What a run has in common.
 *
 * @param folder for the servers' data and logs; kept, so that the next run need not fill it
 * @param jvmOptions the product's JVM options
 * @param serverCpus where servers run, as taskset(1) takes them; empty for anywhere
 * @param clientCpus where the client runs
 * @param workers event loops of ours, worker processes of nginx
 * @param fileBytes the length of the file, whole pages
 * @param cipherSuite the only one, for TLS
 */
public record Settings(
    Path folder,
    Path jvmOptions,
    String serverCpus,
    String clientCpus,
    int workers,
    long fileBytes,
    String cipherSuite) {}

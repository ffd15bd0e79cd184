package oca.bench.serve;

import java.util.List;

/**
 * What the client is to do, as one line of JSON.
 *
 * @param port on 127.0.0.1
 * @param path of the file, without a leading slash
 * @param cipherSuite TLS 1.3 with this suite alone; empty for cleartext
 * @param connections kept alive, each with one request at a time
 * @param size of each range, in bytes
 * @param fileBytes the length of the file
 * @param rampSeconds of load before the window
 * @param seconds the window's length; 0 when {@code requests} ends it
 * @param requests so many answers end the run, without a ramp; 0 when {@code seconds} does
 * @param verify whether each byte is compared
 * @param seed of the offsets that are asked for
 * @param servers the processes whose CPU time is read where the window begins and ends
 */
public record LoadOrder(
    int port,
    String path,
    String cipherSuite,
    int connections,
    int size,
    long fileBytes,
    double rampSeconds,
    double seconds,
    long requests,
    boolean verify,
    long seed,
    List<Long> servers) {}

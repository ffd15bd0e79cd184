package oca.server.http;

import java.time.Instant;
import java.util.Optional;

/**
 * How TLS fares, at one moment.
 *
 * @param expires when the certificate in use does, or the first of its chain
 * @param secondsLeft until then; below zero after it
 * @param reloads certificates taken since the start, the first one aside
 * @param reloadFailures files that were not fit to be taken; the same ones count once
 * @param handshakeFailures handshakes that failed, were not made in time or were broken off
 * @param fault what is wrong with the files as they are now, if anything
 */
public record TlsStatus(
    Instant expires,
    long secondsLeft,
    long reloads,
    long reloadFailures,
    long handshakeFailures,
    Optional<String> fault) {}

package oca.server.upstream;

import oca.server.caching.FieldSection;

/**
 * The head of an upstream's answer.
 *
 * @param status 200 to 599
 * @param fields as they came, framing included
 * @param version of HTTP: {@code 1.0} or {@code 1.1}
 * @param length the bytes of the body that follows, 0 for answers that have none; -1 when not known
 * @param endsWithClose whether the body ends where the connection does: then a whole one cannot be
 *     told from one that was cut off by an orderly close (RFC 9112, section 8)
 * @param requestedMillis when the request was sent, in milliseconds since 1970
 * @param receivedMillis when the head was whole, in milliseconds since 1970
 * @param upstream which one answered, as it is configured
 */
public record UpstreamHead(
    int status,
    FieldSection fields,
    String version,
    long length,
    boolean endsWithClose,
    long requestedMillis,
    long receivedMillis,
    String upstream) {}

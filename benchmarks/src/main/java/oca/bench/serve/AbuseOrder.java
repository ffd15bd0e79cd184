package oca.bench.serve;

/**
 * What the abuser is to do, as one line of JSON.
 *
 * @param port on 127.0.0.1
 * @param attack its name
 * @param seconds from when its connections have been opened once
 * @param renewSeconds after which connections that read nothing are replaced
 */
record AbuseOrder(int port, String attack, double seconds, double renewSeconds) {}

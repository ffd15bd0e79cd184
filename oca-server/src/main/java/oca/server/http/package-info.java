/**
 * The data plane: byte ranges of files over HTTP/1.1 and HTTP/2, {@link
 * oca.server.http.HttpListener}.
 *
 * <p>Everything of one connection happens on its event loop, which is never blocked: {@link
 * oca.server.http.Entrance} finds out what a connection speaks; {@link
 * oca.server.http.Http1Connection} or {@link oca.server.http.Http2Session} takes its requests, asks
 * the store's index, lets {@link oca.server.range.ReplyPlanner} decide, and has head and body
 * written; the end of the write is the only way back up. In the clear, bodies of HTTP/1 go from
 * file to socket by sendfile(2); what is encrypted or framed is read in pieces as the socket takes
 * them. What is not in memory is read first, by threads of its own for each volume: {@link
 * oca.server.http.Residency}. Knows the store's reading side and the serve record, but neither how
 * files are filled nor who reads the records; never sees JSON other than constant bytes.
 */
@NullMarked
package oca.server.http;

import org.jspecify.annotations.NullMarked;

/**
 * The data plane: byte ranges of files over HTTP/1.1, {@link oca.server.http.HttpListener}.
 *
 * <p>Everything of one connection happens on its event loop, which is never blocked: {@link
 * oca.server.http.ContentHandler} takes requests in order, asks the store's index, lets {@link
 * oca.server.range.ReplyPlanner} decide, and has head and body written; the end of the write is the
 * only way back up. Bodies go from file to socket by sendfile(2) and are never copied. Knows the
 * store's reading side and the serve record, but neither how files are filled nor who reads the
 * records; never sees JSON other than constant bytes.
 */
@NullMarked
package oca.server.http;

import org.jspecify.annotations.NullMarked;

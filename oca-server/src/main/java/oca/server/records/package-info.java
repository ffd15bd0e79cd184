/**
 * What was served, on its way to whoever counts: {@link oca.server.records.ServeLog}.
 *
 * <p>Event loops offer records to a bounded ring and never wait; one virtual thread takes them out
 * and posts them in batches. A record that finds the ring full is dropped and counted, for no
 * viewer waits for a statistic. Knows the messages and the control client; knows neither the store
 * nor HTTP serving.
 */
@NullMarked
package oca.server.records;

import org.jspecify.annotations.NullMarked;

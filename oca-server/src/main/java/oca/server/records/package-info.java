/**
 * What was served, on its way to whoever counts: {@link oca.server.records.ServeLog}.
 *
 * <p>Event loops offer records to bounded rings and never wait. Each sink ({@link
 * oca.server.records.RecordSink}: files of JSON lines, posts to the controller) has a ring and a
 * thread of its own. A record that finds a ring full is dropped and counted, for no viewer waits
 * for a statistic. Knows the messages and the control client; knows neither the store nor HTTP
 * serving.
 */
@NullMarked
package oca.server.records;

import org.jspecify.annotations.NullMarked;

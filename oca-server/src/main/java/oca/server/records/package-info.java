/**
 * What was served, as it is told: {@link oca.server.records.ServeLog} starts the log of serve
 * records, {@link oca.server.records.AnswerTimes} counts how long answers took.
 *
 * <p>Rings, files and posts are those of {@link oca.protocol.records}. Knows the messages and the
 * control client; knows neither the store nor HTTP serving.
 */
@NullMarked
package oca.server.records;

import org.jspecify.annotations.NullMarked;

/**
 * Records of what was done, on their way to whoever counts: {@link oca.protocol.records.RecordLog}.
 *
 * <p>Whoever does it offers a record to bounded rings and never waits. Each sink ({@link
 * oca.protocol.records.RecordSink}: files of lines, posts, Kafka by way of the disk) has a ring and
 * a thread of its own. A record that finds a ring full is dropped and counted, for no viewer waits
 * for a statistic. Knows the control client and topics; what a record says is its {@link
 * oca.protocol.records.RecordForm}'s matter.
 */
@NullMarked
package oca.protocol.records;

import org.jspecify.annotations.NullMarked;

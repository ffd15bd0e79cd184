/**
 * What Kafka costs those who serve: {@link oca.bench.kafka.RecordsBesideViewers} compares serving
 * without it, with it, and with it gone. {@link oca.bench.kafka.Broker} is a real one, in a process
 * of its own that can be killed.
 */
@NullMarked
package oca.bench.kafka;

import org.jspecify.annotations.NullMarked;

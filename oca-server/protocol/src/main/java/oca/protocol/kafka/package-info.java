/**
 * Kafka as far as this product needs it: {@link oca.protocol.kafka.TopicWriter} and {@link
 * oca.protocol.kafka.TopicReader}, {@link oca.protocol.kafka.NewestWord}, over a {@link
 * oca.protocol.kafka.KafkaCluster}.
 *
 * <p>The only package that knows Kafka's own classes, and none of them shows outside. They are
 * loaded when the first writer or reader is opened, so a process without Kafka never loads any.
 * Writers and readers belong to one thread each. Knows bytes and topics; knows neither records nor
 * what becomes of them.
 */
@NullMarked
package oca.protocol.kafka;

import org.jspecify.annotations.NullMarked;

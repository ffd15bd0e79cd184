package oca.protocol.kafka;

import org.jspecify.annotations.Nullable;

/**
 * A message that was read.
 *
 * @param topic where
 * @param partition of the topic
 * @param offset in the partition
 * @param key what messages are kept together by; null when it has none
 * @param value its bytes, as {@link Packing} packs them or not; null where a key was deleted
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Message(
    String topic, int partition, long offset, @Nullable String key, byte @Nullable [] value) {}

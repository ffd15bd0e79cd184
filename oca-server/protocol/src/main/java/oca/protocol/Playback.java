package oca.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a player told of itself with the request (CTA-5004, CMCD): its own word, checked by nobody.
 * The two ids are opaque; a session lasts one playback on one device.
 *
 * @param session the playback session, at most 64 characters; null when not told
 * @param content the content as the player's operator names it, at most 128 characters; null when
 *     not told
 * @param objectType audio, video, muxed, init, manifest, caption, timed-text, key or other; null
 *     when not told
 * @param streamType vod, live or low-latency; null when not told
 * @param bitrateKbps encoded bitrate of what was asked for, kbit/s; null when not told
 * @param throughputKbps what the player measures, kbit/s; null when not told
 * @param bufferMillis media that the player still has, in milliseconds; null when not told
 * @param starved the player ran out of media between its last request and this one
 * @param startup asked for urgently: at a start, after a seek, or after running out
 */
public record Playback(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String session,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String content,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String objectType,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String streamType,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer bitrateKbps,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer throughputKbps,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer bufferMillis,
    boolean starved,
    boolean startup) {}

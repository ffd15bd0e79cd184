/**
 * What a shared HTTP cache has to decide, as values and functions: may an answer be kept ({@link
 * oca.server.caching.Storability}), may a kept one be used ({@link oca.server.caching.Reuse}), what
 * became of it when it was checked upstream ({@link oca.server.caching.Validation}), and what else
 * a request undoes ({@link oca.server.caching.Invalidation}).
 *
 * <p>RFC 9111, with targeted fields (RFC 9213), stale answers (RFC 5861), immutable ones (RFC 8246)
 * and Cache-Status (RFC 9211). {@link oca.server.caching.CachingPolicy} holds each choice those
 * leave open. Pure, on any thread: no clock, I/O or randomness; the time comes in as milliseconds
 * since 1970, since errors may be kept for less than a second. It knows neither bodies nor where
 * they are kept, and no network library; conditions and ranges of clients are planned by {@code
 * oca.server.range}.
 */
@NullMarked
package oca.server.caching;

import org.jspecify.annotations.NullMarked;

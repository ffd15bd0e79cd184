/**
 * What is answered to a request for a file's bytes: {@link oca.server.range.ReplyPlanner}.
 *
 * <p>Pure: a request and what is known of the file go in, a {@link oca.server.range.Reply} comes
 * out, by the rules of RFC 9110; beside it what answers say alike each time, as bytes to copy:
 * {@link oca.server.range.RepresentationFields}, {@link oca.server.range.CacheStatus}, {@link
 * oca.server.range.MultipartLayout}. No clock, no I/O, no thread, no randomness, and no type of any
 * network library; so each rule can be tested against a brute-force reading of the RFC. {@link
 * oca.server.range.Outcome} is the closed list of all answers there are.
 */
@NullMarked
package oca.server.range;

import org.jspecify.annotations.NullMarked;

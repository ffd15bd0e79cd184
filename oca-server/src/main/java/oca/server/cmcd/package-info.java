/**
 * What players tell of themselves and what they are told: {@link oca.server.cmcd.CmcdParser} reads
 * CMCD (CTA-5004, versions 1 and 2), {@link oca.server.cmcd.CmsdDynamic} writes CMSD (CTA-5006),
 * {@link oca.server.cmcd.Pacing} makes a sending rate of what was told.
 *
 * <p>Pure: texts and numbers go in, values come out; no clock, no I/O, no thread, no type of any
 * network library. Safe on any thread. A player's word is never an error and never trusted: it goes
 * into records and, where the operator wants it, into the rate of that player's own answer.
 *
 * <p>Nothing here is part of a cache key, and no argument is ever stripped from a query for that: a
 * file's key is made of the path alone. CMSD-Static is not written: it says what an origin knows of
 * an object, and all that is known here of bitrate or duration is what the player said itself.
 */
@NullMarked
package oca.server.cmcd;

import org.jspecify.annotations.NullMarked;

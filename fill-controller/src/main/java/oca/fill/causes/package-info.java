/**
 * Why bytes came from elsewhere than the site nearest to their viewer.
 *
 * <p>Main type: {@link oca.fill.causes.Attribution}, which joins what steering answered with what
 * was served, by event time, and gives each response one {@link oca.fill.causes.Label}; {@link
 * oca.fill.causes.Cause} holds the rules. {@link oca.fill.causes.MissLedger} adds up. Pure: state
 * is a value that can be taken out and put back ({@link oca.fill.causes.JoinState}), time comes as
 * an argument; no clock, no I/O, no thread. The same records in the same order give the same labels
 * wherever this runs. Knows the messages, and nothing of fleets and catalogues: sites and titles
 * come in with the records.
 */
@NullMarked
package oca.fill.causes;

import org.jspecify.annotations.NullMarked;

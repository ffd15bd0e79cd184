/**
 * What a change would have done to bytes that were served.
 *
 * <p>Main type: {@link oca.whatif.Rerouting}, which holds each response to the answer of steering
 * that it came of, and moves it where the same question is answered to now. Pure but for {@link
 * oca.whatif.ServedFiles}, which reads appliances' files of records; for one thread. Knows the
 * replay of decisions and the join that labels responses; nothing of commands and drills.
 */
@NullMarked
package oca.whatif;

import org.jspecify.annotations.NullMarked;

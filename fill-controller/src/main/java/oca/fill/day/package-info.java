/**
 * When things happen: {@link oca.fill.day.DayScale} between wall time and plan time, {@link
 * oca.fill.day.FillCalendar} for the windows in plan time.
 *
 * <p>Everything that counts hours, days or windows does so in plan time, which is wall time except
 * in a laboratory that compresses its days. Pure: takes instants as arguments, has no clock, and
 * knows nothing of ours. Safe on any thread.
 */
@NullMarked
package oca.fill.day;

import org.jspecify.annotations.NullMarked;

/**
 * What will be asked for: {@link oca.fill.forecast.Forecaster} turns past days and a release
 * calendar into a {@link oca.fill.forecast.Forecast}, by {@link oca.fill.forecast.RateModel}, which
 * learns from period to period.
 *
 * <p>Pure: no clock, no I/O, no thread, no randomness, which is what makes replaying a month of
 * demand free ({@code oca fill evaluate}). Time, past and calendar are arguments; a forecast
 * depends on nothing that comes after what was observed. Knows only {@code oca.model}.
 */
@NullMarked
package oca.fill.forecast;

import org.jspecify.annotations.NullMarked;

/**
 * What will be asked for tomorrow: {@link oca.fill.forecast.Forecaster} smooths past days into a
 * {@link oca.fill.forecast.Forecast}.
 *
 * <p>Pure: no clock, no I/O, no thread, no randomness, which is what makes replaying a month of
 * demand against another forecaster free. Knows only {@code oca.model}.
 */
@NullMarked
package oca.fill.forecast;

import org.jspecify.annotations.NullMarked;

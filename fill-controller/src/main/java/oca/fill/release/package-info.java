/**
 * Releases that operators announce over HTTP: {@link oca.fill.release.ReleaseEndpoint} answers,
 * {@link oca.fill.release.ReleaseBook} is the durable book of what was announced.
 *
 * <p>Any thread; changes wait for the database, readers do not. Knows neither how demand is
 * forecast nor when plans are made: whoever forecasts asks the book.
 */
@NullMarked
package oca.fill.release;

import org.jspecify.annotations.NullMarked;

/**
 * Whether a title can be announced: {@link oca.fill.ready.Readiness} tells at how many sites enough
 * appliances hold all of it, what is missing where, and when that is expected.
 *
 * <p>Pure: manifests, fleet and time are arguments. Knows neither plans nor how files come in.
 */
@NullMarked
package oca.fill.ready;

import org.jspecify.annotations.NullMarked;

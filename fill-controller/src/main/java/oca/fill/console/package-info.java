/**
 * The page for those who watch filling: {@link oca.fill.console.FillConsole} serves its files,
 * {@link oca.fill.console.StatusEvents} tells it each second what changed.
 *
 * <p>Knows the listener and text, nothing of plans and fleets: what is told is handed in.
 */
@NullMarked
package oca.fill.console;

import org.jspecify.annotations.NullMarked;

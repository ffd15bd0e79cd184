/**
 * The controller's memory across restarts: {@link oca.fill.state.StateStore}, one embedded H2
 * database in one file.
 *
 * <p>All statements run on one thread that the store owns, one transaction after the other; callers
 * on any thread wait for the result. Knows SQL and nothing of what is kept: the rooms above bring
 * their own statements, the tables stand in {@code schema-1.sql}.
 */
@NullMarked
package oca.fill.state;

import org.jspecify.annotations.NullMarked;

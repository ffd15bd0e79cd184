/**
 * The controller's memory across restarts: {@link oca.fill.state.StateStore}, an H2 database in one
 * file or a schema of a PostgreSQL.
 *
 * <p>All statements run on one thread that the store owns, one transaction after the other; callers
 * on any thread wait for the result. Knows SQL and nothing of what is kept: the rooms above bring
 * their own statements, in words that both databases know ({@link oca.fill.state.Upsert}); the
 * tables stand in {@code schema-1.sql} and those after it.
 */
@NullMarked
package oca.fill.state;

import org.jspecify.annotations.NullMarked;

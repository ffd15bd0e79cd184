/**
 * The book of fill jobs in a database: {@link oca.fill.jobs.store.JdbcJobStore}, in words that H2
 * and PostgreSQL share.
 *
 * <p>Any thread; three connections, so that a plan of 100,000 files and somebody who pages through
 * the book hold up no grant. Knows the contract, {@link oca.fill.jobs.JobStore}, and no engine.
 */
@NullMarked
package oca.fill.jobs.store;

import org.jspecify.annotations.NullMarked;

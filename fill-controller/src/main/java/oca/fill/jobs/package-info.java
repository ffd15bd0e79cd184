/**
 * What is to be fetched, by whom, and what became of it.
 *
 * <p>{@link oca.fill.jobs.FillEngine} hands jobs out, one method an event; {@link
 * oca.fill.jobs.JobStore} is the book behind it that controllers share, its Javadoc the contract;
 * {@link oca.fill.jobs.JobState} lists the states and all that may follow what. {@link
 * oca.fill.jobs.FillLedger} adds up the appliances' reports.
 *
 * <p>Any thread; the engine takes one event after the other. Knows no HTTP, no wall clock, no
 * manifests and no placement: windows come through a {@link oca.fill.jobs.Gate}, answers leave
 * through a {@link oca.fill.jobs.Courier}.
 */
@NullMarked
package oca.fill.jobs;

import org.jspecify.annotations.NullMarked;

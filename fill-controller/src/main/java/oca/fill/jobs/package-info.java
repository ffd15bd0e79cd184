/**
 * What became of filling: {@link oca.fill.jobs.FillLedger} adds up the appliances' reports.
 *
 * <p>Any thread; the state store puts reports in line. Knows no manifests and no placement: it says
 * what happened, not what should have.
 */
@NullMarked
package oca.fill.jobs;

import org.jspecify.annotations.NullMarked;

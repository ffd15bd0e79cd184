/**
 * Demand that was never measured: {@link oca.fill.workload.Workload} generates demand tables,
 * release calendars and the true rates behind them, by published figures of how video is watched.
 *
 * <p>A public test bed for {@code oca fill evaluate}. The same {@link
 * oca.fill.workload.WorkloadSpec} gives the same bytes on any machine. One thread; knows nothing of
 * forecasts, and no forecast may know its constants.
 */
@NullMarked
package oca.fill.workload;

import org.jspecify.annotations.NullMarked;

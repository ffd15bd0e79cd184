/**
 * What viewers asked for, per file, region and hour: {@link oca.fill.demand.DemandLedger}.
 *
 * <p>A region is a viewers' network ({@link oca.fill.demand.Regions}); demand counts to the region
 * of the client whichever server answered, for that is where the file would have been wanted. Any
 * thread; the state store puts batches in line. Hours are plan time. Must not know the catalogue
 * (it is told which files are known), the fleet, or what is made of the figures.
 */
@NullMarked
package oca.fill.demand;

import org.jspecify.annotations.NullMarked;

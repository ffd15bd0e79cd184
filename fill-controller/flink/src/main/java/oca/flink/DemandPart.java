package oca.flink;

import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Cell;

/**
 * What one batch adds to a cell of demand.
 *
 * @param length of the file; 0 when it is not known
 */
record DemandPart(Cell cell, Amount amount, long length) {}

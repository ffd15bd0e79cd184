/**
 * Forecasts held against demand that is known: {@link oca.fill.evaluate.Evaluation} walks a {@link
 * oca.fill.evaluate.DemandTable} forward and says what each method would have served and fetched.
 *
 * <p>Pure but for the readers of its CSV files, {@link oca.fill.evaluate.Tables}, which take any
 * file, however hostile. One thread. Knows forecasts, not the ledger, the fleet or the planner: a
 * region's store is one disk here.
 */
@NullMarked
package oca.fill.evaluate;

import org.jspecify.annotations.NullMarked;

/**
 * The ledger for the ISP: what appliances did for it, day by day, signed and never changed.
 *
 * <p>{@link LedgerBook} keeps the days, {@link LedgerContent} is what one says, {@link LedgerCheck}
 * tells whether somebody has altered or left out one. Called within the transactions of those who
 * take records and reports, so that what is counted there is counted here, once. Knows neither HTTP
 * nor the fleet: sites and windows are told by the caller.
 */
@NullMarked
package oca.fill.ledger;

import org.jspecify.annotations.NullMarked;

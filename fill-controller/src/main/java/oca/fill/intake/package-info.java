/**
 * Records that come from Kafka.
 *
 * <p>Main type: {@link oca.fill.intake.RecordIntake}, one thread that reads as one of a group,
 * hands what it read to a {@link oca.fill.intake.Taker} and tells the brokers when that is durable.
 * {@link oca.fill.intake.FleetReader} reads who is in the fleet from a topic that keeps the newest
 * word of each appliance. Knows messages and topics; knows nothing of ledgers, plans or HTTP.
 */
@NullMarked
package oca.fill.intake;

import org.jspecify.annotations.NullMarked;

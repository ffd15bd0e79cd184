/**
 * What content owners ask for: the CDNI Control Interface / Triggers of RFC 8007, by which they
 * have content pre-positioned, invalidated or purged and see what became of it.
 *
 * <p>{@link oca.fill.trigger.TriggerEndpoint} answers, {@link oca.fill.trigger.TriggerBook} is the
 * durable book of what was asked. A command is taken apart once, when it comes, into titles of the
 * catalogue and purges of pulled services ({@code Scope}). Any thread; may block on the database.
 * Knows neither how placement is decided nor how appliances are reached: it says which titles are
 * wanted everywhere, and which orders an appliance has not carried out.
 */
@NullMarked
package oca.fill.trigger;

import org.jspecify.annotations.NullMarked;

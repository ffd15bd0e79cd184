/**
 * What operators see and do: {@link oca.steering.operators.OrdersEndpoint} takes orders and shows
 * what was decided, {@link oca.steering.operators.FleetEvents} tells what changes each second,
 * {@link oca.steering.operators.Console} is the page that shows both.
 *
 * <p>On a listener of its own, so that players never come here. Reads immutable snapshots of the
 * fleet and of the registry's book; changes them only by commands that the root passes on.
 */
@NullMarked
package oca.steering.operators;

import org.jspecify.annotations.NullMarked;

/**
 * What operators decided about appliances: who is registered, who drains or is retired by order,
 * and the log of who changed what, when and why.
 *
 * <p>{@link oca.steering.registry.Registry} is the only writer. It answers from memory, an
 * immutable {@link oca.steering.registry.Book}; a thread of its own carries changes to {@link
 * oca.steering.registry.RegistryDatabase} (H2 or PostgreSQL) behind a bounded queue. Nobody who
 * answers a viewer comes here. Knows nothing of HTTP, heartbeats or ranking.
 */
@NullMarked
package oca.steering.registry;

import org.jspecify.annotations.NullMarked;

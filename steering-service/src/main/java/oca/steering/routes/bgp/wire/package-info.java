/**
 * BGP-4 as bytes: messages, capabilities, path attributes and prefixes, read and written.
 *
 * <p>Main types: {@link oca.steering.routes.bgp.wire.MessageDecoder} and {@link
 * oca.steering.routes.bgp.wire.MessageEncoder}; {@link
 * oca.steering.routes.bgp.wire.AttributeDecoder} reads the attributes of whatever carries them. A
 * pure leaf: no clock, no I/O, no thread, no state; any thread. Whatever the bytes are, reading
 * them ends with a value and never with an exception. Knows nothing of sessions, peers or limits of
 * either.
 */
@NullMarked
package oca.steering.routes.bgp.wire;

import org.jspecify.annotations.NullMarked;

/**
 * How messages travel: {@link oca.protocol.http.ControlListener} answers them, over Netty, on
 * virtual threads or on its event loops; {@link oca.protocol.http.ControlClient} sends them.
 *
 * <p>The control plane only: small bodies, blocking style, bounded sizes and counts. The range path
 * has a server of its own and never comes here. No buffer and no channel is seen outside: users
 * know requests, responses and gates. Knows {@code oca.protocol}, {@code oca.model} and {@code
 * oca.config}.
 */
@NullMarked
package oca.protocol.http;

import org.jspecify.annotations.NullMarked;

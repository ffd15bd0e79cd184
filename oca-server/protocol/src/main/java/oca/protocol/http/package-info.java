/**
 * How messages travel: {@link oca.protocol.http.ControlListener} answers them on virtual threads
 * over the JDK's HTTP server, {@link oca.protocol.http.ControlClient} sends them.
 *
 * <p>The control plane only: small bodies, blocking style, bounded sizes and counts. The range path
 * has a server of its own and never comes here. Knows {@code oca.protocol} and {@code oca.model}.
 */
@NullMarked
package oca.protocol.http;

import org.jspecify.annotations.NullMarked;

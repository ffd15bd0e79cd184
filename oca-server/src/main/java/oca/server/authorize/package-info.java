/**
 * Who may have a protected file: {@link oca.server.authorize.Verifier}.
 *
 * <p>A request carries a token, either our own ({@link oca.protocol.token.PathToken}, the first
 * segment of the path) or a signed JWT (RFC 9246, URI signing). A {@link
 * oca.server.authorize.UrlAuthorizer} is policy and keys at one moment, immutable; each event loop
 * asks through a verifier of its own, which follows {@link oca.server.authorize.LiveAuthorizer}
 * when keys are changed. The time comes in as an argument. Only {@link oca.protocol.token.KeyFile}
 * reads files, never on an event loop. Knows neither HTTP nor the store nor any sibling.
 */
@NullMarked
package oca.server.authorize;

import org.jspecify.annotations.NullMarked;

/**
 * Our own URL tokens and the keys behind them: {@link oca.protocol.token.TokenMint} makes a token,
 * {@link oca.protocol.token.PathToken} reads one, so that whoever hands out URLs and whoever serves
 * them agree by construction.
 *
 * <p>Keys come from a file ({@link oca.protocol.token.KeyFile}, the only class here that reads the
 * disk, never on an event loop) as an immutable {@link oca.protocol.token.KeyRing}. Mint, token and
 * MAC hold scratch space and are for one thread each. The time comes in as an argument. Knows
 * neither HTTP nor policy: what needs a token is the appliance's business.
 */
@NullMarked
package oca.protocol.token;

import org.jspecify.annotations.NullMarked;

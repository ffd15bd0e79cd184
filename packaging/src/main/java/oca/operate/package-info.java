/**
 * What an operator does on a machine where the product runs: look, drain, exchange disks, ask why,
 * read logs, examine the machine, gather what support needs. One class for each command, called by
 * {@code oca}; {@link oca.operate.StatusCommand} is the first to read.
 *
 * <p>A command asks running processes over their listeners, the appliance's over its Unix domain
 * socket where there is one, and reads what they answer without binding it to their records, so
 * that it starts fast and gets along with processes of another version. It changes nothing but what
 * it was told to, and may be broken off anywhere. Runs on the command's one thread.
 */
@NullMarked
package oca.operate;

import org.jspecify.annotations.NullMarked;

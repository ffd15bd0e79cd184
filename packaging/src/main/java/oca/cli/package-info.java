/**
 * The {@code oca} command: {@link oca.cli.Oca} and its subcommands, one class each.
 *
 * <p>A command reads its configuration, starts a process of the product and waits for the signal to
 * stop. Whatever goes wrong on the way is one sentence on standard error and a non-zero exit
 * status, never a stack trace. Knows all modules; nothing knows it.
 */
@NullMarked
package oca.cli;

import org.jspecify.annotations.NullMarked;

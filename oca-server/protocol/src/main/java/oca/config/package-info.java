/**
 * Reads a YAML file into a record: {@link oca.config.ConfigFile}.
 *
 * <p>A configuration is a record whose components carry units in their types ({@link
 * oca.config.ByteSize}, {@code Duration}, {@code Endpoint}) and their defaults beside them ({@link
 * oca.config.Default}). Whatever is wrong with a file is told at once, each problem with file, line
 * and column. Used at start-up on the starting thread; knows only {@code oca.model}.
 */
@NullMarked
package oca.config;

import org.jspecify.annotations.NullMarked;

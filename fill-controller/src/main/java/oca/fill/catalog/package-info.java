/**
 * What the publisher offers: {@link oca.fill.catalog.CatalogBook} keeps the catalogue in force and
 * refuses one that gives a known path other bytes; {@link oca.fill.catalog.CatalogView} is the
 * immutable snapshot that everybody else reads.
 *
 * <p>The book is changed by the polling thread alone and read by any. Knows the state store and the
 * wire messages; not where a catalogue comes from, nor who places what it lists.
 */
@NullMarked
package oca.fill.catalog;

import org.jspecify.annotations.NullMarked;

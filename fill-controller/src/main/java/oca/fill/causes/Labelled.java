package oca.fill.causes;

import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * A response and its label.
 *
 * @param nearest the site nearest to the viewer; null when it has none, or nobody knows
 */
public record Labelled(Served served, Label label, @Nullable SiteId nearest) {}

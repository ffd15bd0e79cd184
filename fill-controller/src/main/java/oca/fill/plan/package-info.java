/**
 * Plans as artefacts: {@link oca.fill.plan.PlanContent} is all that a placement followed from and
 * what came of it, {@link oca.fill.plan.PlanHead} says what became of it, {@link
 * oca.fill.plan.PlanBook} keeps both, {@link oca.fill.plan.PlanKey} signs, {@link
 * oca.fill.plan.PlanDiff} tells two apart.
 *
 * <p>One thread at a time changes the book, any reads it. Knows placements and the database; must
 * not know where demand comes from, nor how a manifest is sent.
 */
@NullMarked
package oca.fill.plan;

import org.jspecify.annotations.NullMarked;

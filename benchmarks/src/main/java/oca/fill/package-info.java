/** A way for benchmarks to what the controller keeps to itself. */
@NullMarked
package oca.fill;

import org.jspecify.annotations.NullMarked;

@NullMarked
package oca.drill;

import org.jspecify.annotations.NullMarked;

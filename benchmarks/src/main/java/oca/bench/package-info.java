/**
 * What things cost, by JMH: one class a question, the question in its Javadoc.
 *
 * <p>Run by {@code mvn -q -pl benchmarks -am package -DskipTests} and then the command in the
 * README; the JVM options are those of the product. Knows all modules; nothing knows it.
 */
@NullMarked
package oca.bench;

import org.jspecify.annotations.NullMarked;

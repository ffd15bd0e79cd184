/**
 * Benchmarks of what the listener keeps to itself, in its own package because nobody else has a use
 * for those types: {@link oca.server.http.HeadParserBenchmark}. One thread each; nothing here is
 * used by the product.
 */
@org.jspecify.annotations.NullMarked
package oca.server.http;

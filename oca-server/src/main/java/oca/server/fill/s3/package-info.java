/**
 * Origins that are S3-compatible stores: {@link oca.server.fill.s3.S3Origins} turns the URI {@code
 * s3://BUCKET/KEY} into the request that the store understands, signed by AWS Signature Version 4,
 * and says in an operator's words what a store's refusal means.
 *
 * <p>{@code S3Signature} is pure. {@code S3Credentials} reads a file; nothing here speaks to the
 * network, has a thread, or lets a secret into a message.
 */
@NullMarked
package oca.server.fill.s3;

import org.jspecify.annotations.NullMarked;

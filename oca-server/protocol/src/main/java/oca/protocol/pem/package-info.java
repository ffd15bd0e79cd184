/**
 * Certificates and keys as operators keep them: {@link oca.protocol.pem.PemFile} reads PEM (RFC
 * 7468) for whoever speaks TLS, on the data plane and on the control plane alike.
 *
 * <p>Blocks on the disk, so not for event loops. Knows neither TLS nor what the files are for.
 */
@NullMarked
package oca.protocol.pem;

import org.jspecify.annotations.NullMarked;

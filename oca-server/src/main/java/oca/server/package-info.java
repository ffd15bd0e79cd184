/**
 * The appliance process: {@link oca.server.Appliance} wires it from {@link
 * oca.server.ApplianceConfig}.
 *
 * <p>The only package that sees all the others: {@code http} serves from the store on event loops,
 * {@code fill} brings files into it, {@code vitals} and {@code records} tell the control plane,
 * {@code admin} the operator. They never import each other; what one needs of another is handed
 * over here as a supplier or a consumer.
 */
@NullMarked
package oca.server;

import org.jspecify.annotations.NullMarked;

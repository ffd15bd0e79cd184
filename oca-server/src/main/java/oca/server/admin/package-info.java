/**
 * What the operator of one appliance sees and may do: {@link oca.server.admin.AdminListener}.
 *
 * <p>A control-plane listener of its own, on loopback unless configured otherwise, answered on
 * virtual threads. All it shows comes from one supplier of {@link
 * oca.server.admin.ApplianceStatus}; all it does is asked of {@link oca.server.admin.Operations}.
 * Knows the messages, the control listener and Micrometer; knows no other package of the server.
 */
@NullMarked
package oca.server.admin;

import org.jspecify.annotations.NullMarked;

package oca.origin;

import java.nio.file.Path;
import oca.config.Default;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.records.RecordsConfig;
import oca.server.http.HttpConfig;

/**
 * How an origin is set up.
 *
 * @param id the name under which its serve records travel
 * @param root the published folder, with its catalogue
 * @param http the listener of the files
 * @param admin the listener of catalogue and status
 * @param records where serve records go
 * @param maxFiles the largest catalogue served: each file is kept open
 */
public record OriginConfig(
    @Default("origin") ApplianceId id,
    Path root,
    HttpConfig http,
    Endpoint admin,
    @Default("{}") RecordsConfig records,
    @Default("8000") int maxFiles) {}

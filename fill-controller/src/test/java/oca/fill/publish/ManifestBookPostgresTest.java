package oca.fill.publish;

import oca.fill.state.OnPostgres;

/** The same with PostgreSQL. */
@OnPostgres
class ManifestBookPostgresTest extends ManifestBookTest {}

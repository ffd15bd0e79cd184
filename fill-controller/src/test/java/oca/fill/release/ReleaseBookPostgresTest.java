package oca.fill.release;

import oca.fill.state.OnPostgres;

/** The same with PostgreSQL. */
@OnPostgres
class ReleaseBookPostgresTest extends ReleaseBookTest {}

package oca.fill;

import oca.fill.state.OnPostgres;

/** The same with PostgreSQL. */
@OnPostgres
class LedgerPostgresTest extends LedgerTest {}

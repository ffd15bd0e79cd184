package oca.fill.demand;

import oca.fill.state.OnPostgres;

/** The same with PostgreSQL. */
@OnPostgres
class DemandLedgerPostgresTest extends DemandLedgerTest {}

package oca.fill.ledger;

import oca.fill.state.OnPostgres;

/** The same with PostgreSQL. */
@OnPostgres
class LedgerBookPostgresTest extends LedgerBookTest {}

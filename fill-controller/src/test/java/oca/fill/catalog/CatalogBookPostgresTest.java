package oca.fill.catalog;

import oca.fill.state.OnPostgres;

/** The same with PostgreSQL. */
@OnPostgres
class CatalogBookPostgresTest extends CatalogBookTest {}

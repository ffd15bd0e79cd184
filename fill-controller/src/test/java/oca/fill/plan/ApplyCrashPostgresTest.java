package oca.fill.plan;

import oca.fill.state.OnPostgres;

/** The same with PostgreSQL. */
@OnPostgres
class ApplyCrashPostgresTest extends ApplyCrashTest {}

package oca.fill;

import java.io.IOException;
import oca.fill.state.OnPostgres;

/** The same with PostgreSQL. */
@OnPostgres
class PlansPostgresTest extends PlansTest {
  PlansPostgresTest() throws IOException {}
}

package oca.fill.catalog;

import java.io.IOException;

/** A catalogue that must not come into force. The message names the path and the remedy. */
public final class CatalogRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  CatalogRefusedException(String message) {
    super(message);
  }
}

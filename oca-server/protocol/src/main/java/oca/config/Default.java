package oca.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a component of a configuration record is when its key is absent, written as in the file. A
 * component without it must be given, except lists and maps, which are then empty, and {@code
 * Optional}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  /**
   * The value as it would be written in YAML; for a nested record, {@code {}} takes its defaults.
   */
  String value();
}

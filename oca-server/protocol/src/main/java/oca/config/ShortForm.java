package oca.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * A record that may also be written as one value. It has a static method {@code parse(String)} that
 * reads it, and throws {@code IllegalArgumentException} with a sentence for the operator.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ShortForm {
  /** What it looks like, such as {@code 02:00-14:00 Europe/Berlin}. */
  String value();

  /** Reads the short form of one record. */
  record Reader(String plain, Method parse) {

    /** Of such a type; null when it has none. */
    static @Nullable Reader of(Class<?> type) {
      ShortForm form = type.getAnnotation(ShortForm.class);
      if (form == null) {
        return null;
      }
      try {
        Method parse = type.getDeclaredMethod("parse", String.class);
        parse.setAccessible(true);
        return new Reader(form.value(), parse);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(type + " has a short form and no parse(String)", e);
      }
    }

    /** What it looks like, in words. */
    String example() {
      return "a value such as " + plain;
    }

    Object read(String text) {
      try {
        return parse.invoke(null, text);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof IllegalArgumentException refusal) {
          throw refusal;
        }
        throw new IllegalStateException(parse + " failed", e);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}

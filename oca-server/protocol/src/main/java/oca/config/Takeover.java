package oca.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Puts a configuration together from one that is in force and one that was read later: of the
 * latter what is {@link Live}, of the former all else. Pure.
 */
final class Takeover {
  private final List<String> taken = new ArrayList<>();

  /** Paths of what came from the later one, as in {@link Effective.Setting#key}. */
  List<String> taken() {
    return taken;
  }

  /**
   * Puts one together.
   *
   * @throws IllegalArgumentException when what is live does not go with what waits for a restart
   */
  <T extends Record> T of(T inForce, T later) {
    return record(inForce, later, "");
  }

  private <T extends Record> T record(T inForce, T later, String path) {
    RecordComponent[] components = inForce.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
      Object after = value(component, later);
      if (component.isAnnotationPresent(Live.class)) {
        taken.add(name);
        values[i] = after;
      } else {
        values[i] = kept(component, value(component, inForce), after, name);
      }
    }
    @SuppressWarnings("unchecked") // The class of a T.
    Class<T> type = (Class<T>) inForce.getClass();
    return construct(type, values);
  }

  /** What is in force, but for what is live within it. */
  private Object kept(RecordComponent component, Object before, Object after, String path) {
    if (ConfigKeys.inner(component.getGenericType()) == null) {
      return before;
    }
    if (before instanceof Record old && after instanceof Record young) {
      return record(old, young, path);
    }
    if (before instanceof Optional<?> old && after instanceof Optional<?> young) {
      return old.isPresent()
              && young.isPresent()
              && old.get() instanceof Record present
              && young.get() instanceof Record next
          ? Optional.of(record(present, next, path))
          : before;
    }
    if (before instanceof List<?> old && after instanceof List<?> young) {
      return list(old, young, path);
    }
    return before instanceof Map<?, ?> old && after instanceof Map<?, ?> young && holds(component)
        ? map(old, young, path)
        : before;
  }

  /** Whether a map holds records, and not lists of them. */
  private static boolean holds(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType type
        && type.getActualTypeArguments()[1] instanceof Class<?> plain
        && plain.isRecord();
  }

  /** The later one when its items differ from those in force in nothing but what is live. */
  private List<?> list(List<?> old, List<?> young, String path) {
    if (old.size() != young.size()) {
      return old;
    }
    Takeover items = new Takeover();
    for (int i = 0; i < old.size(); i++) {
      if (!(old.get(i) instanceof Record present)
          || !(young.get(i) instanceof Record next)
          || !items.record(present, next, path + "[" + i + "]").equals(next)) {
        return old;
      }
    }
    taken.addAll(items.taken);
    return young;
  }

  private Map<String, Object> map(Map<?, ?> old, Map<?, ?> young, String path) {
    Map<String, Object> merged = new LinkedHashMap<>();
    old.forEach(
        (name, value) ->
            merged.put(
                name.toString(),
                young.get(name) instanceof Record next && value instanceof Record present
                    ? record(present, next, path + "." + name)
                    : Objects.requireNonNull(value)));
    return Map.copyOf(merged);
  }

  private static Object value(RecordComponent component, Record of) {
    try {
      component.getAccessor().setAccessible(true);
      return Objects.requireNonNull(component.getAccessor().invoke(of));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private static <T extends Record> T construct(Class<T> type, Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("cannot construct " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type, e);
    }
  }
}

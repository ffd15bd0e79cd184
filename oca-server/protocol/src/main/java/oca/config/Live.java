package oca.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a configuration record whose value a process takes over while it runs, when it is
 * told to read its configuration again; on a group, all that stands in it. What has no such mark
 * waits for a restart.
 *
 * <p>A list or map that is marked is taken over as a whole. Of one that is not, names of a map keep
 * their own marked components; so do items of a list, as long as nothing else in it differs.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Live {}

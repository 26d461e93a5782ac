package org.terrachange.raster.gdal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The name of the C function that a method stands for.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface CFunction {
    String value();
}

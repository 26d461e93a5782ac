package org.terrachange.raster.gdal;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Lets an interface whose methods are marked with [CFunction] call the functions of a C library. A function is looked
/// up when it is first called, so that an older library lacks only what is asked of it.
final class ForeignFunctions implements InvocationHandler {
    private static final Object[] NONE = {};

    private final SymbolLookup library;
    private final Map<Method, MethodHandle> handles = new ConcurrentHashMap<>();

    private ForeignFunctions(SymbolLookup library) {
        this.library = library;
    }

    /// @param functions an interface of methods over `int`, `long`, `double` and [MemorySegment]
    static <T> T bind(Class<T> functions, SymbolLookup library) {
        return functions.cast(Proxy.newProxyInstance(
                functions.getClassLoader(), new Class<?>[] {functions}, new ForeignFunctions(library)));
    }

    /// @throws UnsatisfiedLinkError if the library has no such function
    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        MethodHandle handle = handles.computeIfAbsent(method, this::handle);
        return handle.invoke(arguments == null ? NONE : arguments);
    }

    private MethodHandle handle(Method method) {
        String name = method.getAnnotation(CFunction.class).value();
        MemorySegment address =
                library.find(name).orElseThrow(() -> new UnsatisfiedLinkError("the library has no function " + name));
        MemoryLayout[] parameters = Arrays.stream(method.getParameterTypes())
                .map(ForeignFunctions::layout)
                .toArray(MemoryLayout[]::new);
        FunctionDescriptor descriptor = method.getReturnType() == void.class
                ? FunctionDescriptor.ofVoid(parameters)
                : FunctionDescriptor.of(layout(method.getReturnType()), parameters);
        return Linker.nativeLinker().downcallHandle(address, descriptor).asSpreader(Object[].class, parameters.length);
    }

    private static MemoryLayout layout(Class<?> type) {
        if (type == int.class) {
            return ValueLayout.JAVA_INT;
        }
        if (type == long.class) {
            return ValueLayout.JAVA_LONG;
        }
        if (type == double.class) {
            return ValueLayout.JAVA_DOUBLE;
        }
        if (type == MemorySegment.class) {
            return ValueLayout.ADDRESS;
        }
        throw new IllegalArgumentException("no C type stands for " + type);
    }
}

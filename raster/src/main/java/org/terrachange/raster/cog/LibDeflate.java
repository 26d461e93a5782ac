package org.terrachange.raster.cog;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Deflate by libdeflate, where that library is installed, as it is wherever libtiff or GDAL are: two to three
/// times as fast as the zlib of the Java platform, at the same size.
final class LibDeflate {
    private static final List<String> NAMES = List.of("libdeflate.so.0", "libdeflate.dylib", "libdeflate.dll");

    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Optional<LibDeflate> INSTALLED = load();

    private final MethodHandle allocate;
    private final MethodHandle compress;
    private final MethodHandle free;

    private LibDeflate(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        MemoryLayout size = linker.canonicalLayouts().get("size_t");
        this.allocate = linker.downcallHandle(
                library.findOrThrow("libdeflate_alloc_compressor"),
                FunctionDescriptor.of(POINTER, ValueLayout.JAVA_INT));
        this.compress = linker.downcallHandle(
                library.findOrThrow("libdeflate_zlib_compress"),
                FunctionDescriptor.of(size, POINTER, POINTER, size, POINTER, size));
        this.free = linker.downcallHandle(
                library.findOrThrow("libdeflate_free_compressor"), FunctionDescriptor.ofVoid(POINTER));
    }

    /// The library, if it is there and this program may call native code without a warning to the user.
    static Optional<LibDeflate> installed() {
        return INSTALLED;
    }

    private static Optional<LibDeflate> load() {
        if (!LibDeflate.class.getModule().isNativeAccessEnabled() || POINTER.byteSize() != Long.BYTES) {
            return Optional.empty();
        }
        for (String name : NAMES) {
            try {
                return Optional.of(new LibDeflate(SymbolLookup.libraryLookup(name, Arena.global())));
            } catch (IllegalArgumentException | NoSuchElementException _) {
                // Not under this name, or something else of this name.
            }
        }
        return Optional.empty();
    }

    /// Packs bytes in a zlib wrapper.
    ///
    /// @param level 1 to 12
    /// @param at where in `out` the result shall start
    /// @return bytes of the result; 0 if it does not fit into `out`
    int compress(byte[] plain, int level, byte[] out, int at) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment compressor = (MemorySegment) allocate.invokeExact(level);
            if (compressor.equals(MemorySegment.NULL)) {
                throw new OutOfMemoryError("libdeflate has no memory for a compressor of level " + level);
            }
            try {
                MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, plain);
                MemorySegment to = arena.allocate(out.length - (long) at);
                long size = (long) compress.invokeExact(compressor, from, from.byteSize(), to, to.byteSize());
                MemorySegment.copy(to, ValueLayout.JAVA_BYTE, 0, out, at, (int) size);
                return (int) size;
            } finally {
                free.invokeExact(compressor);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call that throws nothing threw", e);
        }
    }
}

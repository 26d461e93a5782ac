package org.terrachange.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/// A tensor as PyTorch stores it: element `(i, j, ...)` is element `offset + i*strides[0] + j*strides[1] +
/// ...` of a storage that other tensors may share.
///
/// @param storage name of the storage inside the archive
/// @param storageElements elements the storage is said to hold
/// @param sizes sizes of the dimensions, outermost first
/// @param strides distance of neighbours along each dimension, in elements, none negative
record StridedView(
        ElementType type, String storage, long storageElements, long offset, List<Long> sizes, List<Long> strides) {

    /// Above the rank that any network uses, and low enough to bound the work on a hostile shape.
    static final int HIGHEST_RANK = 64;

    /// @throws IllegalArgumentException where the view reaches outside its storage
    StridedView {
        sizes = List.copyOf(sizes);
        strides = List.copyOf(strides);
        if (sizes.size() != strides.size() || sizes.size() > HIGHEST_RANK) {
            throw new IllegalArgumentException(sizes.size() + " sizes and " + strides.size() + " strides");
        }
        if (offset < 0 || strides.stream().anyMatch(stride -> stride < 0)) {
            throw new IllegalArgumentException("negative offset or stride");
        }
        if (HostTensor.byteSize(type, sizes) > 0) {
            requireInside(storageElements, offset, sizes, strides);
        }
    }

    private static void requireInside(long storageElements, long offset, List<Long> sizes, List<Long> strides) {
        try {
            long last = offset;
            for (int i = 0; i < sizes.size(); i++) {
                last = Math.addExact(last, Math.multiplyExact(sizes.get(i) - 1, strides.get(i)));
            }
            if (last < storageElements) {
                return;
            }
        } catch (ArithmeticException _) {
            // A position beyond 2^63 lies outside every storage.
        }
        throw new IllegalArgumentException("sizes " + sizes + ", strides " + strides + " and offset " + offset
                + " reach beyond a storage of " + storageElements + " elements");
    }

    /// Bytes of the tensor when contiguous.
    long byteSize() {
        return HostTensor.byteSize(type, sizes);
    }

    /// Whether the elements already lie in the storage one after another, in row-major order.
    boolean isContiguous() {
        long expected = 1;
        for (int i = sizes.size() - 1; i >= 0; i--) {
            if (sizes.get(i) != 1) {
                if (strides.get(i) != expected) {
                    return false;
                }
                expected *= sizes.get(i);
            }
        }
        return true;
    }

    /// The part of the storage that a contiguous view covers.
    MemorySegment slice(MemorySegment storageBytes) {
        return storageBytes.asSlice(offset * type.bytes(), byteSize());
    }

    /// Copies the elements into `target` in row-major order, little-endian.
    ///
    /// @param order byte order of the storage
    /// @param target [#byteSize()] bytes
    void gather(MemorySegment storageBytes, ByteOrder order, MemorySegment target) {
        if (target.byteSize() == 0) {
            return;
        }
        int rank = sizes.size();
        long inner = rank == 0 ? 1 : sizes.getLast();
        long innerStride = rank == 0 ? 0 : strides.getLast();
        long rows = target.byteSize() / type.bytes() / inner;
        long[] index = new long[rank];
        long from = offset;
        for (long row = 0; row < rows; row++) {
            copyRow(storageBytes, order, from, innerStride, target, row * inner, inner);
            for (int i = rank - 2; i >= 0; i--) {
                from += strides.get(i);
                if (++index[i] < sizes.get(i)) {
                    break;
                }
                from -= strides.get(i) * sizes.get(i);
                index[i] = 0;
            }
        }
    }

    private void copyRow(
            MemorySegment storageBytes,
            ByteOrder order,
            long from,
            long stride,
            MemorySegment target,
            long to,
            long count) {
        switch (type.bytes()) {
            case 1 -> {
                for (long i = 0; i < count; i++) {
                    target.set(
                            ValueLayout.JAVA_BYTE, to + i, storageBytes.get(ValueLayout.JAVA_BYTE, from + i * stride));
                }
            }
            case 2 -> {
                ValueLayout.OfShort source = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
                ValueLayout.OfShort little = source.withOrder(ByteOrder.LITTLE_ENDIAN);
                for (long i = 0; i < count; i++) {
                    target.set(little, 2 * (to + i), storageBytes.get(source, 2 * (from + i * stride)));
                }
            }
            case 4 -> {
                ValueLayout.OfInt source = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
                ValueLayout.OfInt little = source.withOrder(ByteOrder.LITTLE_ENDIAN);
                for (long i = 0; i < count; i++) {
                    target.set(little, 4 * (to + i), storageBytes.get(source, 4 * (from + i * stride)));
                }
            }
            case 8 -> {
                ValueLayout.OfLong source = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
                ValueLayout.OfLong little = source.withOrder(ByteOrder.LITTLE_ENDIAN);
                for (long i = 0; i < count; i++) {
                    target.set(little, 8 * (to + i), storageBytes.get(source, 8 * (from + i * stride)));
                }
            }
            default -> throw new AssertionError(type);
        }
    }
}

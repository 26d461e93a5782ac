package org.terrachange.raster.gdal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Strings and lists of strings as GDAL takes and gives them: UTF-8 closed by a NUL, lists closed by a null pointer.
final class CStrings {
    private CStrings() {}

    /// @throws IllegalArgumentException if the text holds a NUL
    static MemorySegment of(Arena arena, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text for C must not hold a NUL");
        }
        return arena.allocateFrom(text);
    }

    static MemorySegment of(Arena arena, List<String> texts) {
        MemorySegment list = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            list.setAtIndex(ValueLayout.ADDRESS, i, of(arena, texts.get(i)));
        }
        return list;
    }

    /// Nothing where the pointer is null.
    static Optional<String> text(MemorySegment pointer) {
        return pointer.address() == 0
                ? Optional.empty()
                : Optional.of(pointer.reinterpret(Long.MAX_VALUE).getString(0));
    }

    /// The first texts of a list, none where the pointer is null.
    static List<String> texts(MemorySegment pointer, int most) {
        var texts = new ArrayList<String>();
        if (pointer.address() != 0) {
            MemorySegment list = pointer.reinterpret(ValueLayout.ADDRESS.byteSize() * (most + 1L));
            for (int i = 0; i < most; i++) {
                Optional<String> text = text(list.getAtIndex(ValueLayout.ADDRESS, i));
                if (text.isEmpty()) {
                    break;
                }
                texts.add(text.get());
            }
        }
        return texts;
    }
}
